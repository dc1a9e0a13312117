//! `exonym lookup`: the records that bear a name, or have an id.

use std::io::Write;

use anyhow::Result;
use exonym::gazetteer::{NameRef, RecordRef};
use exonym::output::jsonl::{Entity, NameView};
use exonym::resolve::Scratch;
use exonym::{Annotator, Gazetteer, Options};
use serde::Serialize;

use crate::args::{Lookup, LookupFormat, Outcome};
use crate::sink::{Sink, tell};

/// One record found.
#[derive(Serialize)]
struct Line<'a> {
    input: &'a str,
    entity: Entity<'a>,
    name: NameView<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    names: Vec<NameView<'a>>,
}

pub(crate) fn run(args: &Lookup) -> Result<Outcome> {
    let gazetteer = args.gazetteer.open()?;
    let mut out = Sink::open(None)?;
    let mut missing = 0;
    for input in &args.names {
        let found = bearers(&gazetteer, input, args.limit);
        for (record, name) in &found {
            write(&mut out, args, input, *record, *name)?;
        }
        if found.is_empty() {
            missing += 1;
            out.show()?;
            tell(format!("exonym: nothing is named {input:?} and nothing has that id"));
        }
    }
    out.close()?;
    Ok(if missing == args.names.len() { Outcome::Nothing } else { Outcome::Found })
}

/// The records that a word is the id or the name of, each with that name, the best known first.
fn bearers<'g>(gazetteer: &'g Gazetteer, input: &str, limit: usize) -> Vec<(RecordRef<'g>, NameRef<'g>)> {
    // A name may hold a colon, an id always does.
    let by_id = input.contains(':').then(|| gazetteer.by_id(input)).flatten();
    let by_name = gazetteer.lookup(input).map(|name| (name.record(), name));
    let mut found: Vec<(RecordRef<'g>, NameRef<'g>)> = Vec::new();
    for (record, name) in by_id.map(|r| (r, r.name())).into_iter().chain(by_name) {
        if found.len() < limit && found.iter().all(|(known, _)| *known != record) {
            found.push((record, name));
        }
    }
    if found.is_empty() {
        // Not a name as it is written: inflected, or with more around it. The rules are only read when needed.
        let candidates =
            Annotator::new(gazetteer).normalize(input, &Options::default(), &mut Scratch::default());
        found.extend(candidates.iter().take(limit).map(|c| (c.record, c.name)));
    }
    found
}

fn write(out: &mut Sink, args: &Lookup, input: &str, record: RecordRef<'_>, name: NameRef<'_>) -> Result<()> {
    let entity = Entity::of(record);
    let names = || record.names().filter(|_| args.all_names);
    match args.format {
        LookupFormat::Jsonl => {
            let names = names().map(|n| NameView::of(n, None)).collect();
            serde_json::to_writer(&mut *out, &Line { input, entity, name: NameView::of(name, None), names })?;
            out.write_all(b"\n")?;
        }
        LookupFormat::Tsv => {
            let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
            let langs: Vec<&str> = name.langs().collect();
            let fields = [
                input,
                &entity.id,
                entity.name,
                entity.kind,
                entity.feature.unwrap_or_default(),
                entity.country.unwrap_or_default(),
                &number(entity.lat),
                &number(entity.lon),
                &entity.population.map(|n| n.to_string()).unwrap_or_default(),
                name.text(),
                name.kind().as_str(),
                &langs.join(";"),
            ];
            writeln!(out, "{}", fields.map(|field| field.replace(['\t', '\n', '\r'], " ")).join("\t"))?;
        }
        LookupFormat::Text => {
            if args.names.len() > 1 {
                write!(out, "{input}: ")?;
            }
            write!(out, "{}  {}", entity.id, entity.name)?;
            let facts = [
                Some(entity.kind.to_owned()),
                entity.feature.map(str::to_owned),
                entity.country.map(str::to_owned),
                entity.lat.zip(entity.lon).map(|(lat, lon)| format!("{lat},{lon}")),
                entity.population.map(|n| format!("population {n}")),
                (!entity.same_as.is_empty()).then(|| entity.same_as.join(" ")),
                period(entity.from, entity.to),
                (name != record.name()).then(|| format!("as {}", describe(name))),
            ];
            for fact in facts.into_iter().flatten() {
                write!(out, "  {fact}")?;
            }
            out.write_all(b"\n")?;
            for name in names() {
                writeln!(out, "    {}", describe(name))?;
            }
        }
    }
    Ok(())
}

/// A name with what is known of it.
fn describe(name: NameRef<'_>) -> String {
    let langs: Vec<&str> = name.langs().collect();
    let mut facts = vec![name.kind().as_str().to_owned()];
    if !langs.is_empty() {
        facts.push(langs.join(" "));
    }
    facts.extend(period(name.from(), name.to()));
    let users: Vec<&str> = name.perspective().collect();
    if !users.is_empty() {
        facts.push(format!("used by {}", users.join(" ")));
    }
    format!("{}  ({})", name.text(), facts.join(", "))
}

fn period(from: Option<&str>, to: Option<&str>) -> Option<String> {
    (from.is_some() || to.is_some()).then(|| format!("{}/{}", from.unwrap_or(".."), to.unwrap_or("..")))
}
