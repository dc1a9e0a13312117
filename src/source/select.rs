//! Only what is needed of the records that sources tell.

use std::collections::{BTreeMap, HashSet};
use std::hash::BuildHasher;

use crate::record::{Kind, NameKind, Record};

/// Which records and names to take; empty lists take all.
///
/// ```
/// use exonym::record::{Name, Record};
/// use exonym::source::select::Selection;
/// let mut selection = Selection::default();
/// selection.languages = vec!["kk".into()];
/// let mut record = Record::new("gn:1526384".parse()?);
/// record.names = vec![Name::new("Алматы", "kk"), Name::new("阿拉木图", "zh-Hans")];
/// let record = selection.take(record).expect("a name is left");
/// assert_eq!(record.names.len(), 1);
/// assert_eq!(selection.left_out()["name in another language"], 1);
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Languages of names: `zh` takes `zh-Hant` too, `und` names of no known language. Names of kind `preferred` are always taken.
    pub languages: Vec<String>,
    /// Kinds of names that are not taken, unless the name is all that a row tells.
    pub drop_names: Vec<NameKind>,
    /// Kinds of records.
    pub kinds: Vec<Kind>,
    /// ISO 3166-1 codes of countries; records of no country are not taken then.
    pub countries: Vec<String>,
    /// GeoNames classes or codes, such as `P` or `A.ADM1`.
    pub features: Vec<String>,
    /// Least inhabitants of populated places (class P); it does not count for other records.
    pub min_population: u64,
    /// Records taken, if not all are; hashes, since there may be millions.
    taken: HashSet<u64>,
    counts: BTreeMap<&'static str, u64>,
}

impl Selection {
    /// What is taken of a record, if anything. Names of records without further fields follow what was decided of the record before:
    /// records must come before their further names.
    pub fn take(&mut self, mut record: Record) -> Option<Record> {
        let id = || foldhash::quality::FixedState::default().hash_one(record.id.as_str());
        if self.asks_of_records() {
            if record.fields_given() > 0 || record.hide.is_some() {
                if let Some(why) = self.refuses(&record) {
                    return self.leave_out(why);
                }
                self.taken.insert(id());
            } else if !self.taken.contains(&id()) {
                return self.leave_out("name of a record that was left out");
            }
        }
        if record.names.is_empty() {
            return Some(record);
        }
        let (languages, drop_names) = (&self.languages, &self.drop_names);
        let is_of = |lang: &String| languages.iter().any(|of| lang == of || begins(lang, of));
        let mut lost: [(&str, u64); 2] = [("name in another language", 0), ("name of a kind not wanted", 0)];
        record.names.retain_mut(|name| {
            if drop_names.contains(&name.kind) {
                lost[1].1 += 1;
                return false;
            }
            if languages.is_empty() || name.kind == NameKind::Preferred {
                return true;
            }
            let unknown = name.langs.is_empty() && languages.iter().any(|lang| lang == "und");
            name.langs.retain(is_of);
            let kept = unknown || !name.langs.is_empty();
            lost[0].1 += u64::from(!kept);
            kept
        });
        for (why, count) in lost.into_iter().filter(|(_, count)| *count > 0) {
            *self.counts.entry(why).or_default() += count;
        }
        (!record.names.is_empty() || record.fields_given() > 0).then_some(record)
    }

    /// What was left out since this was asked before, by reason.
    pub fn left_out(&mut self) -> BTreeMap<&'static str, u64> {
        std::mem::take(&mut self.counts)
    }

    fn asks_of_records(&self) -> bool {
        !(self.kinds.is_empty() && self.countries.is_empty() && self.features.is_empty())
            || self.min_population > 0
    }

    fn leave_out(&mut self, why: &'static str) -> Option<Record> {
        *self.counts.entry(why).or_default() += 1;
        None
    }

    /// Why a record is not taken.
    fn refuses(&self, record: &Record) -> Option<&'static str> {
        let feature = record.feature.as_ref().map_or("", |feature| feature.as_str());
        let is_of = |wanted: &String| feature == wanted || (wanted.len() == 1 && feature.starts_with(wanted));
        let country = record.country.as_ref();
        if !self.kinds.is_empty() && !self.kinds.contains(&record.kind.unwrap_or_default()) {
            Some("record of another kind")
        } else if !self.countries.is_empty() && !country.is_some_and(|code| self.countries.contains(code)) {
            Some("record of another country or none")
        } else if !self.features.is_empty() && !self.features.iter().any(is_of) {
            Some("record of another feature or none")
        } else if feature.starts_with('P') && record.population.unwrap_or(0) < self.min_population {
            Some("populated place with fewer inhabitants")
        } else {
            None
        }
    }
}

/// Whether a tag is a longer one of a language.
fn begins(tag: &str, language: &str) -> bool {
    tag.strip_prefix(language).is_some_and(|rest| rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::super::csv::CsvReader;
    use super::*;

    fn select(selection: &mut Selection, rows: &'static str) -> Vec<String> {
        let rows = CsvReader::from_reader(rows.as_bytes(), "rows.csv").unwrap();
        let taken = rows.filter_map(|row| selection.take(row.unwrap().0));
        let told = |record: Record| {
            let names = record.names.iter().map(|name| format!("{}/{}", name.text, name.langs.join(";")));
            format!("{} {}", record.id, names.collect::<Vec<_>>().join(" "))
        };
        taken.map(told).collect()
    }

    const ROWS: &str = "id,kind,feature,country,population,name,lang,name_kind\n\
        gn:1,place,P.PPLA,KZ,1000,Almaty,,preferred\n\
        gn:1,,,,,Алматы,kk;ru,\n\
        gn:1,,,,,Верный,ru,historic\n\
        gn:2,place,P.PPL,KZ,,Talgar,en,\n\
        gn:2,,,,,塔尔加尔,zh-Hans,\n\
        gn:3,state,A.PCLI,AZ,9000000,Azerbaijan,en,\n\
        gn:4,place,H.SEA,,,Caspian Sea,en,\n";

    #[test]
    fn names_by_language_and_kind() {
        let mut only = Selection {
            languages: vec!["ru".into(), "zh".into()],
            drop_names: vec![NameKind::Historic],
            ..Selection::default()
        };
        assert_eq!(
            select(&mut only, ROWS),
            ["gn:1 Almaty/", "gn:1 Алматы/ru", "gn:2 ", "gn:2 塔尔加尔/zh-Hans", "gn:3 ", "gn:4 "]
        );
        let left_out: Vec<_> = only.left_out().into_iter().collect();
        assert_eq!(left_out, [("name in another language", 3), ("name of a kind not wanted", 1)]);
    }

    #[test]
    fn records_with_all_their_names() {
        let mut only = Selection { min_population: 500, ..Selection::default() };
        assert_eq!(select(&mut only, ROWS).len(), 5);
        let mut only =
            Selection { countries: vec!["KZ".into()], features: vec!["P".into()], ..Selection::default() };
        assert_eq!(select(&mut only, ROWS).len(), 5);
        let mut only = Selection {
            features: vec!["A".into(), "P.PPLA".into()],
            kinds: vec![Kind::Place],
            ..Selection::default()
        };
        assert_eq!(select(&mut only, ROWS).len(), 3);
        let left_out: Vec<_> = only.left_out().into_iter().collect();
        assert_eq!(
            left_out,
            [
                ("name of a record that was left out", 1),
                ("record of another feature or none", 2),
                ("record of another kind", 1)
            ]
        );
    }
}
