//! `exonym explain`: who calls a thing so, since when and until when, and what it was before and after.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use anyhow::Result;
use exonym::Gazetteer;
use exonym::gazetteer::{ClaimRef, NameRef, RecordRef};
use exonym::output::jsonl::Entity;
use exonym::record::{Date, Day, NameKind};
use serde::Serialize;

use crate::args::{Explain, Outcome};
use crate::links;
use crate::lookup::{bearers, period, unknown};
use crate::settings;
use crate::sink::{Sink, tell};

/// So many names of a period are shown to people, and so many languages of a name; JSON has all.
const SHOWN: usize = 5;

/// One record under the name asked for.
#[derive(Serialize)]
struct Answer<'a> {
    input: &'a str,
    entity: Entity<'a>,
    /// The name asked for, in all its uses.
    used: Vec<Used<'a>>,
    /// Names by who uses them, where usage is divided.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    perspectives: BTreeMap<&'a str, Vec<Usage<'a>>>,
    /// Names with dates and names of the past, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    history: Vec<Usage<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    before: Vec<Brief<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    after: Vec<Brief<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    part_of: Vec<Brief<'a>>,
    /// The claims of `entity`, for people.
    #[serde(skip)]
    claimed_by: Vec<Side<'a>>,
    #[serde(skip)]
    controlled_by: Vec<Side<'a>>,
}

/// Who claims or holds the record.
struct Side<'a> {
    claim: ClaimRef<'a>,
    name: Option<&'a str>,
    /// Whether it was so at the date asked for.
    valid: bool,
}

/// A written form as some use it.
#[derive(Serialize)]
struct Usage<'a> {
    text: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    langs: BTreeSet<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    perspective: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid: Option<bool>,
}

/// A use of the name asked for, and what the record was called before and after.
#[derive(Serialize)]
struct Used<'a> {
    #[serde(flatten)]
    usage: Usage<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Neighbour<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Neighbour<'a>>,
}

/// A name of the time right before or after.
#[derive(Serialize)]
struct Neighbour<'a> {
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
}

/// Another record: the id alone where the gazetteer has no more.
#[derive(Serialize)]
struct Brief<'a> {
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
}

pub(crate) fn run(args: &Explain) -> Result<Outcome> {
    let as_of = args.as_of.as_deref().map(settings::as_of).transpose()?;
    let gazetteer = args.gazetteer.open()?;
    let mut out = Sink::paged();
    let mut any = false;
    for input in &args.names {
        let found = bearers(&gazetteer, input, args.limit, as_of.as_ref(), |_, _| true);
        for (record, name) in &found {
            let answer = Answer::new(&gazetteer, input, *record, *name, as_of.as_ref());
            if args.json {
                serde_json::to_writer(&mut out, &answer)?;
                out.write_all(b"\n")?;
            } else {
                if any {
                    out.write_all(b"\n")?;
                }
                answer.write(&links::id(*record, &out), &mut out)?;
            }
            any = true;
        }
        if found.is_empty() {
            out.show()?;
            tell(unknown(&gazetteer, input));
        }
    }
    out.close()?;
    Ok(if any { Outcome::Found } else { Outcome::Nothing })
}

impl<'a> Answer<'a> {
    fn new(
        gazetteer: &'a Gazetteer,
        input: &'a str,
        record: RecordRef<'a>,
        name: NameRef<'a>,
        as_of: Option<&Date>,
    ) -> Answer<'a> {
        let usages = |wanted: &dyn Fn(&NameRef<'a>) -> bool| usages(record, as_of, wanted);
        let users: BTreeSet<&str> = record.names().flat_map(NameRef::perspective).collect();
        let by_user = |user: &'a str| (user, usages(&|n| n.perspective().any(|other| other == user)));
        let mut history =
            usages(&|n| n.kind() == NameKind::Historic || n.from().is_some() || n.to().is_some());
        history.sort_by_key(|usage| (order(usage), usage.text));
        let brief = |id: String| {
            let record = gazetteer.by_id(&id);
            Brief {
                id,
                name: record.map(|r| r.name().text()),
                from: record.and_then(RecordRef::from),
                to: record.and_then(RecordRef::to),
            }
        };
        let side = |claim: ClaimRef<'a>| Side {
            claim,
            name: gazetteer.by_id(claim.by()).map(|r| r.name().text()),
            valid: as_of.is_none_or(|date| claim.holds(date)),
        };
        Answer {
            input,
            entity: Entity::of(record),
            used: usages(&|n| n.text() == name.text()).into_iter().map(|u| Used::new(u, &history)).collect(),
            perspectives: users.into_iter().map(by_user).collect(),
            history,
            before: record.predecessors().into_iter().map(|r| brief(r.id().to_string())).collect(),
            after: record.successors().map(|id| brief(id.to_string())).collect(),
            part_of: record.part_of().map(|id| brief(id.to_string())).collect(),
            claimed_by: record.claimed_by().map(side).collect(),
            controlled_by: record.controlled_by().map(side).collect(),
        }
    }

    fn write(&self, id: &str, out: &mut Sink) -> Result<()> {
        let entity = &self.entity;
        write!(out, "{id}  {}", entity.name)?;
        let facts = [
            Some(entity.kind.to_owned()),
            entity.feature.map(str::to_owned),
            entity.country.map(str::to_owned),
            period(entity.from, entity.to),
            entity.disputed.then(|| "disputed".to_owned()),
        ];
        for fact in facts.into_iter().flatten() {
            write!(out, "  {fact}")?;
        }
        out.write_all(b"\n")?;
        section(out, "claimed by", self.claimed_by.iter().map(Side::describe))?;
        section(out, "controlled by", self.controlled_by.iter().map(Side::describe))?;
        section(out, "the name", self.used.iter().flat_map(Used::lines))?;
        for (user, names) in &self.perspectives {
            section(out, &format!("used by {user}"), by_period(names).into_iter())?;
        }
        section(out, "names in time", by_period(&self.history).into_iter())?;
        section(out, "before", self.before.iter().map(Brief::describe))?;
        section(out, "after", self.after.iter().map(Brief::describe))?;
        section(out, "part of", self.part_of.iter().map(Brief::describe))?;
        section(out, "further ids", entity.same_as.iter().cloned())
    }
}

/// Lines under a heading, if there are any.
fn section(out: &mut Sink, heading: &str, lines: impl Iterator<Item = String>) -> Result<()> {
    for (i, line) in lines.enumerate() {
        if i == 0 {
            writeln!(out, "  {heading}")?;
        }
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

impl<'a> Used<'a> {
    fn new(usage: Usage<'a>, history: &[Usage<'a>]) -> Used<'a> {
        // In a language of the name if there is one, else in English.
        let fitness = |other: &Usage<'_>| match other.langs.is_disjoint(&usage.langs) {
            false => 0,
            true if other.langs.contains("en") => 1,
            true => 2,
        };
        let (from, to) = (usage.from.and_then(days), usage.to.and_then(days));
        let others = || history.iter().filter(|other| other.text != usage.text);
        let before = others().filter_map(|other| {
            let ((_, begun), (end, last)) = (from?, other.to.and_then(days)?);
            (end <= begun).then_some((last, other))
        });
        let after = others().filter_map(|other| {
            let ((ended, _), (first, begin)) = (to?, other.from.and_then(days)?);
            (begin >= ended).then_some((first, other))
        });
        let neighbour = |other: &Usage<'a>| Neighbour { text: other.text, from: other.from, to: other.to };
        let before = before.min_by_key(|(last, other)| (Reverse(*last), fitness(other)));
        let after = after.min_by_key(|(first, other)| (*first, fitness(other)));
        let [before, after] = [before, after].map(|found| found.map(|(_, other)| neighbour(other)));
        Used { usage, before, after }
    }

    fn lines(&self) -> impl Iterator<Item = String> {
        let neighbour = |word: &str, other: &Option<Neighbour<'_>>| {
            let other = other.as_ref()?;
            let when = period(other.from, other.to).unwrap_or_default();
            Some(format!("  {word} it  {}  {when}", other.text))
        };
        let around = [neighbour("before", &self.before), neighbour("after", &self.after)];
        std::iter::once(self.usage.describe()).chain(around.into_iter().flatten())
    }
}

impl Usage<'_> {
    fn describe(&self) -> String {
        let langs: Vec<&str> = self.langs.iter().copied().collect();
        let facts = [
            Some(self.kind.to_owned()),
            (!langs.is_empty()).then(|| langs.join(" ")),
            period(self.from, self.to),
            (!self.perspective.is_empty()).then(|| format!("used by {}", self.perspective.join(" "))),
            (self.valid == Some(false)).then(|| "not in use then".to_owned()),
        ];
        format!("{}  ({})", self.text, facts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

/// A line for each period, with the first few names of it: English and the names preferred before others.
fn by_period(names: &[Usage<'_>]) -> Vec<String> {
    let same = |a: &Usage<'_>, b: &Usage<'_>| (a.from, a.to) == (b.from, b.to);
    let mut periods: Vec<Vec<&Usage<'_>>> = Vec::new();
    for name in names {
        match periods.iter_mut().find(|period| period.first().is_some_and(|first| same(first, name))) {
            Some(period) => period.push(name),
            None => periods.push(vec![name]),
        }
    }
    let line = |mut names: Vec<&Usage<'_>>| {
        names.sort_by_key(|name| !name.langs.contains("en"));
        let when = names.first().and_then(|name| period(name.from, name.to));
        let shown = names.iter().take(SHOWN).map(|name| {
            let langs: Vec<&str> = name.langs.iter().copied().take(SHOWN).collect();
            let more = if name.langs.len() > langs.len() { " …" } else { "" };
            let langs = (!langs.is_empty()).then(|| format!(" ({}{more})", langs.join(" ")));
            format!("{}{}", name.text, langs.unwrap_or_default())
        });
        let mut line = format!("{}  ", when.as_deref().unwrap_or("no dates"));
        line.push_str(&shown.collect::<Vec<_>>().join(", "));
        if names.len() > SHOWN {
            line.push_str(&format!(" and {} more", names.len() - SHOWN));
        }
        if names.iter().all(|name| name.valid == Some(false)) {
            line.push_str("  (not in use then)");
        }
        line
    };
    periods.into_iter().map(line).collect()
}

impl Brief<'_> {
    fn describe(&self) -> String {
        let parts = [Some(self.id.clone()), self.name.map(str::to_owned), period(self.from, self.to)];
        parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
    }
}

impl Side<'_> {
    fn describe(&self) -> String {
        let claim = self.claim;
        let parts = [
            Some(claim.by().to_owned()),
            self.name.map(str::to_owned),
            period(claim.from(), claim.to()),
            Some(claim.source()).filter(|source| !source.is_empty()).map(|source| format!("({source})")),
            (!self.valid).then(|| "not then".to_owned()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
    }
}

/// The names of a record that are wanted: a line for what differs in more than its language.
fn usages<'a>(
    record: RecordRef<'a>,
    as_of: Option<&Date>,
    wanted: &dyn Fn(&NameRef<'a>) -> bool,
) -> Vec<Usage<'a>> {
    let mut all: Vec<Usage<'a>> = Vec::new();
    for name in record.names().filter(wanted) {
        let usage = Usage {
            text: name.text(),
            kind: name.kind().as_str(),
            langs: name.langs().collect(),
            from: name.from(),
            to: name.to(),
            perspective: name.perspective().collect(),
            valid: as_of.and_then(|date| name.validity(date)),
        };
        let same = |known: &&mut Usage<'_>| {
            (known.text, known.kind, known.from, known.to) == (usage.text, usage.kind, usage.from, usage.to)
                && known.perspective == usage.perspective
        };
        match all.iter_mut().find(same) {
            Some(known) => known.langs.extend(usage.langs),
            None => all.push(usage),
        }
    }
    all
}

/// Where a name stands in time: by its beginning, else by its end; what has neither comes first.
fn order(usage: &Usage<'_>) -> Option<Day> {
    usage.from.and_then(days).or_else(|| usage.to.and_then(days)).map(|(first, _)| first)
}

/// The first and the last day of a date.
fn days(date: &str) -> Option<(Day, Day)> {
    date.parse::<Date>().ok()?.days()
}
