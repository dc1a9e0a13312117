//! Record → names worth storing: joins repeated names, chooses the canonical one, ranks what shares a key, and says why a
//! name cannot be found.
//!
//! Takes the names of one record in any order; what it gives depends on the names alone.

use std::cmp::{Ordering, Reverse};

use super::intern::{Interner, Strings};
use crate::record::{CaseRule, Kind, NameKind};

/// Longest key that is indexed, in bytes. A longer name is stored, and shown with its record, but not found in text.
pub(crate) const MAX_KEY: usize = 1000;

/// Why a name or record is not in the index. The words stand in the build report.
pub(crate) mod reason {
    pub(crate) const NO_NAME: &str = "record without a name (left out)";
    pub(crate) const EMPTY_KEY: &str = "name without a letter or digit";
    pub(crate) const LONG_KEY: &str = "name longer than 1000 bytes when folded";
}

/// A name on its way into the file; strings and lists by their number in the [`Strings`], `text` in those of the
/// texts, all others in those that are shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) text: u32,
    pub(crate) langs: u32,
    pub(crate) from: u32,
    pub(crate) to: u32,
    pub(crate) perspective: u32,
    pub(crate) source: u32,
    pub(crate) layer: u16,
    pub(crate) kind: NameKind,
    pub(crate) case: CaseRule,
    /// Fields of the record given on its row.
    pub(crate) fields: u8,
}

/// Joins the names of one record and puts them in order, the canonical one first.
///
/// Names equal in text, kind, dates, perspective and case are one name, with the languages of all; an `alternate` is joined
/// to a name of a stronger kind with the same text, unless it says something of its own.
pub(crate) fn join(names: &mut Vec<Draft>, strings: &mut Strings) {
    if let [_] = names.as_slice() {
        return;
    }
    names.sort_by(|a, b| by_content(a, b, strings));
    let mut joined: Vec<Draft> = Vec::with_capacity(names.len());
    for name in names.drain(..) {
        match joined.last_mut() {
            Some(last) if same(last, &name) => unite(last, &name, &mut strings.shared),
            _ => joined.push(name),
        }
    }
    // Sorted by text and then by kind, so that of several the strongest is met first.
    let mut kept: Vec<Draft> = Vec::with_capacity(joined.len());
    for name in joined {
        let stronger = kept.iter_mut().rev().take_while(|other| other.text == name.text).filter(|other| {
            let plain = name.from == 0 && name.to == 0;
            absorbs(other.kind)
                && other.case == name.case
                && ((plain && name.perspective == 0)
                    || (other.from, other.to, other.perspective) == (name.from, name.to, name.perspective))
        });
        match stronger.last() {
            Some(other) if name.kind == NameKind::Alternate => unite(other, &name, &mut strings.shared),
            _ => kept.push(name),
        }
    }
    if let Some(first) = (0..kept.len()).min_by(|a, b| match (kept.get(*a), kept.get(*b)) {
        (Some(a), Some(b)) => by_fitness(a, b, strings),
        _ => Ordering::Equal,
    }) {
        let canonical = kept.remove(first);
        kept.sort_by(|a, b| {
            (a.kind, a.layer).cmp(&(b.kind, b.layer)).then_with(|| by_content(a, b, strings))
        });
        names.push(canonical);
        names.append(&mut kept);
    }
}

/// Kinds that take in an `alternate` with the same text. A demonym, code or abbreviation is another word that happens to be
/// written the same, and a transliteration says less than a name in use.
fn absorbs(kind: NameKind) -> bool {
    use NameKind::*;
    matches!(kind, Preferred | Official | Short | Historic | Colloquial)
}

fn same(a: &Draft, b: &Draft) -> bool {
    (a.text, a.kind, a.from, a.to, a.perspective, a.case)
        == (b.text, b.kind, b.from, b.to, b.perspective, b.case)
}

/// What two joined names make: the languages of both, and source, layer and fields of the row that [`by_fitness`] would
/// choose. A name of a weaker kind gives its languages and fields only.
fn unite(into: &mut Draft, other: &Draft, strings: &mut Interner) {
    into.langs = strings.union(into.langs, other.langs);
    if other.kind != into.kind {
        into.fields = into.fields.max(other.fields);
        return;
    }
    let rank = |d: &Draft| (Reverse(layer_rank(d)), d.fields);
    match rank(other).cmp(&rank(into)) {
        Ordering::Greater => {
            (into.source, into.layer, into.fields) = (other.source, other.layer, other.fields)
        }
        Ordering::Equal if strings.get(other.source) < strings.get(into.source) => into.source = other.source,
        _ => {}
    }
}

/// Of preferred names the latest layer comes first, of others the earliest.
fn layer_rank(name: &Draft) -> u16 {
    if name.kind == NameKind::Preferred { u16::MAX - name.layer } else { name.layer }
}

fn by_content(a: &Draft, b: &Draft, strings: &Strings) -> Ordering {
    let text = |x: u32, y: u32| strings.shared.compare(x, y);
    strings
        .texts
        .compare(a.text, b.text)
        .then_with(|| strength(a.kind).cmp(&strength(b.kind)))
        .then_with(|| text(a.from, b.from))
        .then_with(|| text(a.to, b.to))
        .then_with(|| text(a.perspective, b.perspective))
        .then_with(|| a.case.cmp(&b.case))
        .then_with(|| (a.layer, a.fields).cmp(&(b.layer, b.fields)).reverse())
        .then_with(|| text(a.langs, b.langs))
        .then_with(|| text(a.source, b.source))
}

/// Stronger kinds first; `alternate` after all that may take it in.
fn strength(kind: NameKind) -> u8 {
    use NameKind::*;
    match kind {
        Preferred => 0,
        Official => 1,
        Short => 2,
        Historic => 3,
        Colloquial => 4,
        Alternate => 5,
        _ => 6 + kind as u8,
    }
}

/// The best canonical name first: `preferred` (of the latest layer), then any that can stand for the record (of the earliest
/// layer), on the row with most fields, in the order of [`suits`], English or of no language before others, then by text.
fn by_fitness(a: &Draft, b: &Draft, strings: &Strings) -> Ordering {
    let class = |d: &Draft| match d.kind {
        NameKind::Preferred => (0, layer_rank(d)),
        NameKind::Demonym | NameKind::Code | NameKind::Abbreviation => (2, layer_rank(d)),
        _ => (1, layer_rank(d)),
    };
    class(a)
        .cmp(&class(b))
        .then_with(|| b.fields.cmp(&a.fields))
        .then_with(|| suits(a.kind).cmp(&suits(b.kind)))
        .then_with(|| lang_rank(strings.shared.get(a.langs)).cmp(&lang_rank(strings.shared.get(b.langs))))
        .then_with(|| by_content(a, b, strings))
}

fn suits(kind: NameKind) -> u8 {
    match kind {
        NameKind::Historic | NameKind::Colloquial => 1,
        NameKind::Transliteration => 2,
        _ => 0,
    }
}

fn lang_rank(langs: &str) -> u8 {
    if langs.split(';').any(|lang| lang == "en") {
        0
    } else if langs.is_empty() {
        1
    } else {
        2
    }
}

/// How prominent a record is: what its feature makes likely, and eight points for each doubling of its population.
///
/// States start at 400, continents at 420, capitals at 160, past states, regions, waters, land forms and seats of governments at 150, seats of units at
/// 60 and 30, other populated places at 20, units at 5. A city of ten million gets 186 for its people, so
/// that Georgia the country comes before Georgia in the United States, and Paris in France before all others.
///
/// ```
/// use exonym::gazetteer::prominence;
/// use exonym::record::Kind;
/// let georgia = prominence(Kind::State, "A.PCLI", 3_700_000);
/// let atlanta = prominence(Kind::Place, "A.ADM1", 10_700_000);
/// assert!(georgia > atlanta);
/// ```
pub fn prominence(kind: Kind, feature: &str, population: u64) -> u32 {
    let base = match feature {
        "L.CONT" => 420,
        "P.PPLC" => 160,
        "P.PPLA" => 60,
        "P.PPLA2" => 30,
        "P.PPLX" | "P.PPLQ" => 5,
        // A past state or region, a sea, a mountain range is recorded without inhabitants: as well known as a large town.
        "A.PCLH" => 140,
        _ if feature.starts_with("A.PCL") || kind == Kind::State => 400,
        // So is a building that stands for a government.
        "S.ADMF" => 150,
        _ if feature.starts_with(['L', 'H', 'T']) => 150,
        // A unit counts all its towns' people, and should not outdo its town by that.
        _ if feature.starts_with("A.") => 5,
        _ if feature.starts_with("P.") => 20,
        _ => 10,
    };
    base + eighths_of_log2(population)
}

/// Eight times the binary logarithm, rounded down, by whole numbers so that every machine gets the same.
fn eighths_of_log2(n: u64) -> u32 {
    match n.checked_ilog2() {
        None => 0,
        Some(log) => {
            // The three bits after the first say in which eighth of the doubling the number lies (linearly, which is close).
            let mantissa = if log >= 3 { n >> (log - 3) } else { n << (3 - log) };
            8 * log + (mantissa & 7) as u32
        }
    }
}

/// What a name's kind takes from its record's prominence when several records share a key: as much as being so many times
/// less populous (eight points to a doubling). Sources hold many wrong alternates, and few wrong main names.
pub(crate) fn handicap(kind: NameKind) -> u32 {
    use NameKind::*;
    match kind {
        Preferred => 0,
        Official | Short => 2,
        Abbreviation => 10,
        Alternate => 40,
        Historic | Colloquial => 50,
        Demonym => 60,
        Code => 70,
        // More than the most prominent record has: a spelling made by rule never comes before a name in use.
        Transliteration => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(strings: &mut Strings, text: &str, lang: &str, kind: NameKind) -> Draft {
        Draft {
            text: strings.texts.add(text),
            langs: strings.shared.add(lang),
            from: 0,
            to: 0,
            perspective: 0,
            source: 0,
            layer: 0,
            kind,
            case: CaseRule::Any,
            fields: 0,
        }
    }

    fn joined(rows: &[(&str, &str, NameKind)]) -> Vec<(String, String, NameKind)> {
        let mut strings = Strings::new();
        let mut names: Vec<_> = rows.iter().map(|(t, l, k)| draft(&mut strings, t, l, *k)).collect();
        join(&mut names, &mut strings);
        let (texts, shared) = (&strings.texts, &strings.shared);
        names.iter().map(|n| (texts.get(n.text).into(), shared.get(n.langs).into(), n.kind)).collect()
    }

    #[test]
    fn equal_names_unite_their_languages() {
        let got = joined(&[
            ("Алматы", "ru", NameKind::Alternate),
            ("Алматы", "kk", NameKind::Alternate),
            ("Almaty", "en", NameKind::Alternate),
            ("Алматы", "mn;ru", NameKind::Alternate),
        ]);
        assert_eq!(got.len(), 2);
        assert_eq!(got[0], ("Almaty".into(), "en".into(), NameKind::Alternate));
        assert_eq!(got[1], ("Алматы".into(), "kk;mn;ru".into(), NameKind::Alternate));
    }

    #[test]
    fn an_alternate_joins_a_stronger_kind_but_never_a_demonym() {
        let got = joined(&[
            ("Deutsch", "de", NameKind::Alternate),
            ("Deutsch", "de", NameKind::Demonym),
            ("Verny", "ru", NameKind::Historic),
            ("Verny", "en", NameKind::Alternate),
            ("Verny", "fr", NameKind::Transliteration),
        ]);
        assert_eq!(got.len(), 4);
        assert!(got.contains(&("Verny".into(), "en;ru".into(), NameKind::Historic)));
        assert!(got.contains(&("Deutsch".into(), "de".into(), NameKind::Demonym)));
    }

    #[test]
    fn codes_and_demonyms_are_canonical_only_for_want_of_others() {
        let got = joined(&[("KZ", "", NameKind::Code), ("Қазақстан", "kk", NameKind::Alternate)]);
        assert_eq!(got[0].0, "Қазақстан");
        assert_eq!(joined(&[("KZ", "", NameKind::Code)])[0].0, "KZ");
    }

    #[test]
    fn logarithms_grow() {
        let all: Vec<u32> = (0..2000).map(eighths_of_log2).collect();
        assert!(all.is_sorted());
        assert_eq!(eighths_of_log2(1 << 20), 160);
        assert_eq!(eighths_of_log2(u64::MAX), 511);
    }
}
