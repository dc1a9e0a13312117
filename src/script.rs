//! Writing systems: the script of a character by ISO 15924 code, and what of a script matters to names.

use unicode_script::{Script as Unicode, UnicodeScript};

macro_rules! scripts {
    ($($(#[$doc:meta])* $code:ident: $($unicode:ident)|+,)+) => {
        /// A writing system, named by its ISO 15924 code. Scripts that need nothing of their own are [`Script::Zyyy`].
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Script {
            /// Common, inherited, or a script without rules of its own.
            #[default]
            Zyyy = 0,
            $($(#[$doc])* $code,)+
        }

        impl Script {
            const ALL: &'static [Script] = &[Script::Zyyy, $(Script::$code,)+];

            /// How many there are.
            pub(crate) const COUNT: usize = Script::ALL.len();

            /// All of them.
            pub(crate) fn all() -> impl Iterator<Item = Script> {
                Script::ALL.iter().copied()
            }

            /// The ISO 15924 code.
            pub fn code(self) -> &'static str {
                match self { Script::Zyyy => "Zyyy", $(Script::$code => stringify!($code),)+ }
            }

            fn of_unicode(script: Unicode) -> Script {
                match script {
                    $($(Unicode::$unicode)|+ => Script::$code,)+
                    _ => Script::Zyyy,
                }
            }
        }
    };
}

scripts! {
    /// Latin.
    Latn: Latin,
    /// Cyrillic.
    Cyrl: Cyrillic,
    /// Greek.
    Grek: Greek,
    /// Armenian.
    Armn: Armenian,
    /// Georgian, all three alphabets.
    Geor: Georgian,
    /// Arabic.
    Arab: Arabic,
    /// Hebrew.
    Hebr: Hebrew,
    /// Hangul.
    Hang: Hangul,
    /// Katakana.
    Kana: Katakana,
    /// Hiragana.
    Hira: Hiragana,
    /// Han and Bopomofo.
    Hani: Han | Bopomofo,
    /// Thai.
    Thai: Thai,
    /// Lao.
    Laoo: Lao,
    /// Khmer.
    Khmr: Khmer,
    /// Burmese.
    Mymr: Myanmar,
    /// Tibetan.
    Tibt: Tibetan,
    /// Devanagari.
    Deva: Devanagari,
    /// Bengali.
    Beng: Bengali,
    /// Gurmukhi.
    Guru: Gurmukhi,
    /// Gujarati.
    Gujr: Gujarati,
    /// Oriya.
    Orya: Oriya,
    /// Tamil.
    Taml: Tamil,
    /// Telugu.
    Telu: Telugu,
    /// Kannada.
    Knda: Kannada,
    /// Malayalam.
    Mlym: Malayalam,
    /// Sinhala.
    Sinh: Sinhala,
    /// Ethiopic.
    Ethi: Ethiopic,
    /// Syriac.
    Syrc: Syriac,
    /// Cherokee.
    Cher: Cherokee,
}

impl Script {
    /// The script of a character. Marks and punctuation shared by scripts are [`Script::Zyyy`].
    ///
    /// ```
    /// use exonym::script::Script;
    /// assert_eq!(Script::of('Я'), Script::Cyrl);
    /// assert_eq!(Script::of('阿'), Script::Hani);
    /// assert_eq!(Script::of('1'), Script::Zyyy);
    /// ```
    pub fn of(c: char) -> Script {
        match c {
            'a'..='z' | 'A'..='Z' => Script::Latn,
            // The prolonged sound mark is shared by both kana; in names it is katakana.
            '\u{30fc}' | '\u{ff70}' => Script::Kana,
            _ => Script::of_unicode(c.script()),
        }
    }

    /// The script most letters of a text are written in: the first one met, which is what a single name needs.
    pub fn of_text(text: &str) -> Script {
        text.chars().map(Script::of).find(|s| *s != Script::Zyyy).unwrap_or_default()
    }

    /// Whether its letters have two cases that tell names from other words.
    pub fn is_cased(self) -> bool {
        matches!(self, Script::Latn | Script::Cyrl | Script::Grek | Script::Armn)
    }

    /// Whether it puts no spaces between words, so that a name may begin after any character.
    pub fn is_unspaced(self) -> bool {
        matches!(
            self,
            Script::Hani | Script::Hira | Script::Thai | Script::Laoo | Script::Khmr | Script::Mymr
        )
    }

    /// Whether marks on its letters may be left out without making another letter.
    pub(crate) fn drops_marks(self) -> bool {
        matches!(
            self,
            Script::Zyyy
                | Script::Latn
                | Script::Cyrl
                | Script::Grek
                | Script::Armn
                | Script::Geor
                | Script::Arab
                | Script::Hebr
                | Script::Syrc
                | Script::Cher
        )
    }

    /// The script of an ISO 15924 code, if it is one that matters here.
    pub fn from_code(code: &str) -> Option<Script> {
        Script::ALL.iter().copied().find(|s| s.code() == code)
    }

    pub(crate) fn from_u8(n: u8) -> Script {
        Script::ALL.get(usize::from(n)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_scripts_agree() {
        for script in Script::ALL {
            assert_eq!(Script::from_u8(*script as u8), *script);
        }
    }

    #[test]
    fn codes_are_iso_15924() {
        assert_eq!(Script::of_text("«Ереван»").code(), "Cyrl");
        assert_eq!(Script::of_text("123").code(), "Zyyy");
    }
}
