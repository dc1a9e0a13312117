//! Which of its names a record is written with.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::{NameRef, RecordRef};
use crate::record::NameKind;
use crate::script::Script;

/// How records are called in output. Nothing of this changes which record is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LabelOptions {
    /// The language (BCP 47), with a script where the language has several: `ru`, `sr-Latn`.
    pub lang: Option<String>,
    /// Whose names to use where usage is divided: an ISO 3166-1 code in lower case, or a community.
    pub perspective: Option<String>,
    /// The names of all perspectives, side by side.
    pub neutral: bool,
}

impl<'g> RecordRef<'g> {
    /// What the record is called, by these options. The first of these that there is:
    ///
    /// 1. the perspective's name in the language;
    /// 2. the perspective's name in another language, if one of its own;
    /// 3. the name in the language;
    /// 4. the canonical name.
    ///
    /// Of several names, the preferred comes before the official, the short and others, then one written as the canonical name, then
    /// that of most languages. Names that are historic or have an end are
    /// not used, nor are abbreviations, codes and words for the people.
    ///
    /// Neutral, it is the names of all sides, joined by `/`: the usual name first, if it is no side's own, then one name for each
    /// perspective in the order of the letters of their codes, found as by 1 and 2 (in English if no language is given). Perspectives
    /// that share a name are one side. Where fewer than two names are left, the order above holds.
    ///
    /// ```
    /// # use exonym::{gazetteer::{Gazetteer, GazetteerBuilder, LabelOptions}, source::csv::CsvReader};
    /// let rows = "id,name,lang,name_kind,perspective\n\
    ///             gn:146970,Xankəndi,az,official,az\n\
    ///             gn:146970,Khankendi,en,alternate,az\n\
    ///             gn:146970,Stepanakert,en,alternate,am\n\
    ///             gn:146970,Ханкенди,ru,alternate,\n";
    /// # let mut builder = GazetteerBuilder::new();
    /// # for row in CsvReader::from_reader(rows.as_bytes(), "rows.csv")? {
    /// #     builder.add(row?.0, None)?;
    /// # }
    /// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
    /// let town = gazetteer.by_id("gn:146970").expect("it is there");
    /// let label = |lang: &str, perspective: &str, neutral| {
    ///     let some = |word: &str| Some(word.to_owned()).filter(|word| !word.is_empty());
    ///     let mut options = LabelOptions::default();
    ///     (options.lang, options.perspective, options.neutral) = (some(lang), some(perspective), neutral);
    ///     town.label(&options)
    /// };
    /// assert_eq!(label("en", "am", false), "Stepanakert");
    /// assert_eq!(label("ru", "az", false), "Xankəndi", "Azerbaijan's own before another's in Russian");
    /// assert_eq!(label("ru", "", false), "Ханкенди");
    /// assert_eq!(label("ja", "", false), "Khankendi", "the canonical name");
    /// assert_eq!(label("", "", true), "Stepanakert/Khankendi");
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn label(self, options: &LabelOptions) -> Cow<'g, str> {
        if let Some(all) =
            options.neutral.then(|| self.neutral(options.lang.as_deref().unwrap_or("en"))).flatten()
        {
            return all.into();
        }
        let lang = options.lang.as_deref();
        let perspective = options.perspective.as_deref();
        let own =
            |lang| perspective.and_then(|p| self.best(lang, |name| name.perspective().any(|user| user == p)));
        let found = (lang.and_then(|lang| own(Some(lang))))
            .or_else(|| own(None))
            .or_else(|| lang.and_then(|lang| self.name_in(lang)));
        found.unwrap_or(self.name()).text().into()
    }

    /// The name in a language, as one would write it there today: the preferred, else the official, the short, any other.
    ///
    /// ```
    /// # use exonym::{gazetteer::{Gazetteer, GazetteerBuilder}, source::csv::CsvReader};
    /// let rows = "id,name,lang,name_kind\n\
    ///             gn:792680,Београд,sr,preferred\n\
    ///             gn:792680,Beograd,sr,alternate\n";
    /// # let mut builder = GazetteerBuilder::new();
    /// # for row in CsvReader::from_reader(rows.as_bytes(), "rows.csv")? {
    /// #     builder.add(row?.0, None)?;
    /// # }
    /// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
    /// let belgrade = gazetteer.by_id("gn:792680").expect("it is there");
    /// assert_eq!(belgrade.name_in("sr").map(|name| name.text()), Some("Београд"));
    /// assert_eq!(belgrade.name_in("sr-Latn").map(|name| name.text()), Some("Beograd"));
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn name_in(self, lang: &str) -> Option<NameRef<'g>> {
        self.best(Some(lang), |_| true)
    }

    /// The best of the names that are in a language and otherwise as wanted.
    fn best(self, lang: Option<&str>, wanted: impl Fn(NameRef<'g>) -> bool) -> Option<NameRef<'g>> {
        let names = self.names().filter(|name| name.to().is_none() && wanted(*name));
        let ranked = names.filter_map(|name| {
            let (kind, lang) = (rank(name.kind())?, lang.map_or(Some(false), |lang| of_lang(name, lang))?);
            let canonical = name.text() == self.name().text();
            Some(((lang, kind, !canonical, Reverse(name.langs().count()), name.index()), name))
        });
        ranked.min_by_key(|(rank, _)| *rank).map(|(_, name)| name)
    }

    /// The names of all sides, if there are several.
    fn neutral(self, lang: &str) -> Option<String> {
        let users: BTreeSet<&str> = self.names().flat_map(NameRef::perspective).collect();
        let usual = self.name_in(lang).unwrap_or(self.name());
        let is_a_sides =
            |name: NameRef<'_>| name.text() == usual.text() && name.perspective().next().is_some();
        let mut names: Vec<&str> = Vec::new();
        names.extend((!users.is_empty() && !self.names().any(is_a_sides)).then(|| usual.text()));
        let mut heard: Vec<&str> = Vec::new();
        for user in users {
            let by = |name: NameRef<'_>, user: &str| name.perspective().any(|other| other == user);
            let agrees = |other: &&str| self.names().any(|name| by(name, user) && by(name, other));
            if heard.iter().any(agrees) {
                continue;
            }
            heard.push(user);
            let own = |lang| self.best(lang, |name| by(name, user));
            let name = own(Some(lang)).or_else(|| own(None)).map(NameRef::text);
            names.extend(name.filter(|name| !names.contains(name)));
        }
        (names.len() > 1).then(|| names.join("/"))
    }
}

/// Which kinds of names are written, the best first.
fn rank(kind: NameKind) -> Option<u8> {
    match kind {
        NameKind::Preferred => Some(0),
        NameKind::Official => Some(1),
        NameKind::Short => Some(2),
        NameKind::Alternate => Some(3),
        NameKind::Transliteration => Some(4),
        _ => None,
    }
}

/// Whether a name is of a language: `Some(false)` if its tag is the very one, `Some(true)` if it is of the same language and, where one
/// is asked for, the same script.
fn of_lang(name: NameRef<'_>, lang: &str) -> Option<bool> {
    if name.langs().any(|own| own.eq_ignore_ascii_case(lang)) {
        return Some(false);
    }
    let mut parts = lang.split('-');
    let primary = parts.next().unwrap_or_default();
    let script = parts.next().filter(|part| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let same = |own: &str| own.split('-').next().is_some_and(|own| own.eq_ignore_ascii_case(primary));
    let written = |script: &str| {
        let scripts = name.text().chars().map(Script::of);
        scripts.filter(|s| *s != Script::Zyyy).all(|s| s.code().eq_ignore_ascii_case(script))
    };
    (name.langs().any(same) && script.is_none_or(written)).then_some(true)
}
