//! `exonym lookup`: the records that bear a name, or have an id.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::io::Write;

use anyhow::{Context, Result};
use exonym::gazetteer::{ClaimRef, NameRef, RecordRef};
use exonym::output::jsonl::{Entity, NameView};
use exonym::record::Date;
use exonym::resolve::Scratch;
use exonym::{Annotator, Gazetteer, Options};
use serde::Serialize;

use crate::args::{Lookup, LookupFormat, Outcome};
use crate::fields::open;
use crate::grid::Grid;
use crate::links;
use crate::settings;
use crate::sink::{Sink, tell};

/// So many letters of a name may be mistyped for another to be offered.
const MISTYPED: usize = 1;

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
    let as_of = args.as_of.as_deref().map(settings::as_of).transpose()?;
    let labels = args.naming.labels();
    let gazetteer = args.gazetteer.open()?;
    let filter = Filter::new(args)?;
    let mut out = Sink::open(None)?;
    let (mut missing, mut grid) = (0, Grid::default());
    for input in &args.names {
        let lets = |record: RecordRef<'_>, name: NameRef<'_>| filter.lets(record, name);
        let found = match args.prefix || args.fuzzy.is_some() {
            true => near(&gazetteer, input, args, &filter),
            false => bearers(&gazetteer, input, args.limit, as_of.as_ref(), lets),
        };
        for (record, name) in &found {
            let entity = Entity::of(*record).called(record.label(&labels));
            let view = NameView::at(*name, None, as_of.as_ref());
            write(&mut out, &mut grid, args, input, entity, *name, view)?;
        }
        if found.is_empty() {
            missing += 1;
            std::mem::take(&mut grid).write(&mut out)?;
            out.show()?;
            tell(unknown(&gazetteer, input));
        }
    }
    grid.write(&mut out)?;
    out.close()?;
    Ok(if missing == args.names.len() { Outcome::Nothing } else { Outcome::Found })
}

/// Says that a word is no name, with one that it may have been meant for.
pub(crate) fn unknown(gazetteer: &Gazetteer, input: &str) -> String {
    let near = gazetteer
        .fuzzy(input, MISTYPED)
        .map(|(name, distance)| (distance, Reverse(name.record().prominence()), name.text()));
    let meant = near.min_by_key(|(distance, prominence, _)| (*distance, *prominence));
    let meant = meant.map_or_else(String::new, |(_, _, name)| format!("; did you mean {name:?}?"));
    format!("exonym: nothing is named {input:?} and nothing has that id{meant}")
}

/// The records that a word is the id or the name of, each with that name: those known to have borne it at the date asked for come
/// first, those known not to have last; among them the best known first.
pub(crate) fn bearers<'g>(
    gazetteer: &'g Gazetteer,
    input: &str,
    limit: usize,
    as_of: Option<&Date>,
    lets: impl Fn(RecordRef<'g>, NameRef<'g>) -> bool,
) -> Vec<(RecordRef<'g>, NameRef<'g>)> {
    let rank = |name: &NameRef<'_>| match as_of.map(|date| name.validity(date)) {
        Some(Some(true)) => 0,
        None | Some(None) => 1,
        Some(Some(false)) => 2,
    };
    // Of several names of one record that are written alike, the one that was typed.
    let better =
        |a: &NameRef<'_>, b: &NameRef<'_>| (rank(a), a.text() != input) < (rank(b), b.text() != input);
    // A name may hold a colon, an id always does.
    let by_id = input.contains(':').then(|| gazetteer.by_id(input)).flatten();
    let by_name = gazetteer.lookup(input).map(|name| (name.record(), name));
    let mut found: Vec<(RecordRef<'g>, NameRef<'g>)> = Vec::new();
    let all = by_id.map(|r| (r, r.name())).into_iter().chain(by_name);
    for (record, name) in all.filter(|(record, name)| lets(*record, *name)) {
        match found.iter_mut().find(|(known, _)| *known == record) {
            None => found.push((record, name)),
            Some(known) if better(&name, &known.1) => known.1 = name,
            Some(_) => {}
        }
    }
    found.sort_by_key(|(_, name)| rank(name));
    found.truncate(limit);
    if found.is_empty() {
        // Not a name as it is written: inflected, or with more around it. The rules are only read when needed.
        let mut options = Options::default();
        options.as_of = as_of.cloned();
        let candidates = Annotator::new(gazetteer).normalize(input, &options, &mut Scratch::default());
        let fits = candidates.iter().filter(|c| lets(c.record, c.name));
        found.extend(fits.take(limit).map(|c| (c.record, c.name)));
    }
    found
}

/// The records whose names begin so, the best known first, or differ in few letters, the nearest first.
fn near<'g>(
    gazetteer: &'g Gazetteer,
    input: &str,
    args: &Lookup,
    filter: &Filter<'_>,
) -> Vec<(RecordRef<'g>, NameRef<'g>)> {
    let mut near: Vec<(usize, NameRef<'g>)> = match args.fuzzy {
        Some(bound) => gazetteer.fuzzy(input, bound).map(|(name, distance)| (distance, name)).collect(),
        None => gazetteer.prefix(input).map(|name| (0, name)).collect(),
    };
    near.retain(|(_, name)| filter.lets(name.record(), *name));
    near.sort_by_cached_key(|(distance, name)| (*distance, Reverse(name.record().prominence())));
    let mut seen = HashSet::new();
    near.retain(|(_, name)| seen.insert(name.record()));
    near.into_iter().take(args.limit).map(|(_, name)| (name.record(), name)).collect()
}

/// Which records and names are wanted.
struct Filter<'a> {
    args: &'a Lookup,
    /// South, west, north, east.
    corners: Option<[f64; 4]>,
}

impl<'a> Filter<'a> {
    fn new(args: &'a Lookup) -> Result<Filter<'a>> {
        let corners = |text: &String| {
            let numbers: Vec<f64> = text.split(',').map_while(|part| part.trim().parse().ok()).collect();
            let fine = |c: &[f64; 4]| c[0] <= c[2] && [c[0], c[2]].iter().all(|n| n.abs() <= 90.0);
            let corners =
                <[f64; 4]>::try_from(numbers).ok().filter(|c| fine(c) && text.split(',').count() == 4);
            corners.with_context(|| {
                format!("--bbox is {text:?}, expected south, west, north and east such as 40,46,56,88")
            })
        };
        Ok(Filter { args, corners: args.bbox.as_ref().map(corners).transpose()? })
    }

    fn lets(&self, record: RecordRef<'_>, name: NameRef<'_>) -> bool {
        let args = self.args;
        let feature = record.feature().unwrap_or_default();
        let of_class = |wanted: &String| {
            feature == wanted
                || (feature.starts_with(wanted.as_str()) && feature[wanted.len()..].starts_with('.'))
        };
        let country = record.country().unwrap_or_default();
        let within = |[south, west, north, east]: [f64; 4]| {
            record.point().is_some_and(|point| {
                let (lat, lon) = (point.lat(), point.lon());
                let between =
                    if west <= east { west <= lon && lon <= east } else { lon >= west || lon <= east };
                south <= lat && lat <= north && between
            })
        };
        (args.kind.is_empty() || args.kind.contains(&record.kind()))
            && (args.country.is_empty() || args.country.iter().any(|code| code.eq_ignore_ascii_case(country)))
            && (args.feature.is_empty() || args.feature.iter().any(of_class))
            && (args.lang.is_empty() || name.langs().any(|lang| args.lang.iter().any(|tag| tag == lang)))
            && self.corners.is_none_or(within)
    }
}

fn write(
    out: &mut Sink,
    grid: &mut Grid,
    args: &Lookup,
    input: &str,
    entity: Entity<'_>,
    name: NameRef<'_>,
    view: NameView<'_>,
) -> Result<()> {
    let record = name.record();
    let names = || record.names().filter(|_| args.all_names);
    match args.format {
        LookupFormat::Jsonl => {
            let names = names().map(|n| NameView::of(n, None)).collect();
            serde_json::to_writer(&mut *out, &Line { input, entity, name: view, names })?;
            out.write_all(b"\n")?;
        }
        LookupFormat::Tsv => {
            let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
            let langs: Vec<&str> = name.langs().collect();
            let fields = [
                input,
                &entity.id,
                &entity.name,
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
            let facts = [
                Some(entity.kind.to_owned()),
                entity.feature.map(str::to_owned),
                entity.country.map(str::to_owned),
                entity.lat.zip(entity.lon).map(|(lat, lon)| format!("{lat},{lon}")),
                entity.population.map(|n| format!("population {n}")),
                (!entity.same_as.is_empty()).then(|| entity.same_as.join(" ")),
                period(entity.from, entity.to),
                entity.disputed.then(|| "disputed".to_owned()),
                sides("claimed by", record.claimed_by()),
                sides("controlled by", record.controlled_by()),
                (name != record.name()).then(|| format!("as {}", describe(name))),
                (view.valid == Some(false)).then(|| "not in use then".to_owned()),
            ];
            let asked = if args.names.len() > 1 { format!("{input}: ") } else { String::new() };
            let (id, name) = (links::id(record, out), &entity.name);
            if out.is_terminal() {
                // What may be missing has a column of its own, but for what few have.
                let (columns, rest) = facts.split_at(5);
                let column = |fact: &Option<String>| fact.clone().unwrap_or_default();
                let rest: Vec<&str> = rest.iter().flatten().map(String::as_str).collect();
                let cells = [asked.trim_end().to_owned(), id, name.to_string()].into_iter();
                grid.row(cells.chain(columns.iter().map(column)).chain([rest.join("  ")]));
            } else {
                let facts: Vec<String> = facts.into_iter().flatten().collect();
                grid.line([&[format!("{asked}{id}"), name.to_string()], &facts[..]].concat().join("  "));
            }
            for name in names() {
                grid.line(format!("    {}", describe(name)));
            }
        }
    }
    Ok(())
}

/// Who claims or holds a record to this day.
fn sides<'g>(word: &str, claims: impl Iterator<Item = ClaimRef<'g>>) -> Option<String> {
    let sides: Vec<String> = open(claims).collect();
    (!sides.is_empty()).then(|| format!("{word} {}", sides.join(" ")))
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

pub(crate) fn period(from: Option<&str>, to: Option<&str>) -> Option<String> {
    (from.is_some() || to.is_some()).then(|| format!("{}/{}", from.unwrap_or(".."), to.unwrap_or("..")))
}
