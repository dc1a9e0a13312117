//! The whole line from text to annotations: tokens, matches, candidates, one choice for each.

use crate::find::Finder;
use crate::gazetteer::Gazetteer;
use crate::resolve::{Annotation, Candidate, Options, Resolver, Scratch, Weights};

/// Annotates texts with the records they name. `Send + Sync`: one for all threads, one [`Scratch`] for each.
///
/// ```
/// # use exonym::{Annotator, Gazetteer, GazetteerBuilder, Record, record::Name};
/// # let mut builder = GazetteerBuilder::new();
/// # let mut almaty = Record::new("gn:1526384".parse()?);
/// # almaty.feature = Some("P.PPLA".parse()?);
/// # almaty.population = Some(2_000_000);
/// # almaty.names = vec![Name::new("Almaty", "en"), Name::new("Алматы", "kk"), Name::new("Alma-Ata", "en")];
/// # builder.add(almaty, None)?;
/// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
/// let annotator = Annotator::new(&gazetteer);
/// let text = "The talks were held in Alma-Ata.";
/// let all = annotator.annotate(text);
/// assert_eq!(&text[all[0].start..all[0].end], "Alma-Ata");
/// assert_eq!(all[0].record.id().to_string(), "gn:1526384");
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Annotator<'g> {
    finder: Finder<'g>,
    resolver: Resolver<'g>,
}

impl<'g> Annotator<'g> {
    /// An annotator over a gazetteer, with the rules and weights that come with the library.
    pub fn new(gazetteer: &'g Gazetteer) -> Annotator<'g> {
        Annotator { finder: Finder::new(gazetteer), resolver: Resolver::new(gazetteer) }
    }

    /// Other weights.
    #[must_use]
    pub fn weights(mut self, weights: &'g Weights) -> Self {
        self.resolver = self.resolver.weights(weights);
        self
    }

    /// Whether inflected forms are found. On by default.
    #[must_use]
    pub fn inflect(mut self, yes: bool) -> Self {
        self.finder = self.finder.inflect(yes);
        self
    }

    /// The annotations of a text, in its order, none sharing text with another.
    pub fn annotate(&self, text: &str) -> Vec<Annotation<'g>> {
        let mut out = Vec::new();
        self.annotate_into(text, &Options::default(), &mut Scratch::default(), &mut out);
        out
    }

    /// The same with options, with memory that is used again from call to call.
    pub fn annotate_into(
        &self,
        text: &str,
        options: &Options,
        scratch: &mut Scratch<'g>,
        out: &mut Vec<Annotation<'g>>,
    ) {
        self.finder.read(text, &mut scratch.find);
        let lang = self.resolver.language(options, scratch);
        self.finder.find_all(text, lang.as_deref(), &mut scratch.find, &mut scratch.matches);
        self.resolver.resolve(text, lang.as_deref(), options, scratch, out);
    }

    /// The records that a whole string may mean, best first; their scores sum to at most 1.
    ///
    /// Understands inflected names, words for a kind of place (`г. Алматы`) and units behind the name (`Paris, Texas`).
    pub fn normalize(&self, name: &str, options: &Options, scratch: &mut Scratch<'g>) -> Vec<Candidate<'g>> {
        self.finder.read(name, &mut scratch.find);
        let lang = options.primary_lang();
        self.finder.find_all(name, lang.as_deref(), &mut scratch.find, &mut scratch.matches);
        self.resolver.normalize(name, lang.as_deref(), options, scratch)
    }

    /// What the resolver sees of a text, for learning weights.
    #[doc(hidden)]
    pub fn observe(
        &self,
        text: &str,
        options: &Options,
        scratch: &mut Scratch<'g>,
        truth: Option<&crate::resolve::observe::Truth<'_>>,
    ) -> Vec<crate::resolve::observe::Observation<'g>> {
        self.finder.read(text, &mut scratch.find);
        let lang = self.resolver.language(options, scratch);
        self.finder.find_all(text, lang.as_deref(), &mut scratch.find, &mut scratch.matches);
        self.resolver.observe(text, lang.as_deref(), options, scratch, truth)
    }
}
