//! Several gazetteers as one: their records and names are joined into a new one in memory.
//!
//! Simple, and paid for at every start: a stack over many names is better built into a file once, from exports.

use super::{Gazetteer, GazetteerBuilder};
use crate::error::Result;

impl GazetteerBuilder {
    /// Adds all of a built gazetteer as a layer of its own: its fields of a record take the place of those before, its names
    /// are added ([`next_layer`](GazetteerBuilder::next_layer)).
    ///
    /// ```
    /// use exonym::record::{Name, Record};
    /// use exonym::{Gazetteer, GazetteerBuilder};
    /// let layer = |text: &str, lang| -> exonym::Result<Gazetteer> {
    ///     let mut record = Record::new("gn:587084".parse()?);
    ///     record.names.push(Name::new(text, lang));
    ///     let mut builder = GazetteerBuilder::new();
    ///     builder.add(record, None)?;
    ///     Gazetteer::from_bytes(builder.build()?.0)
    /// };
    /// let mut stack = GazetteerBuilder::new();
    /// for below in [layer("Bakı", "az")?, layer("Бакы", "")?] {
    ///     stack.add_layer(&below)?;
    /// }
    /// let stack = Gazetteer::from_bytes(stack.build()?.0)?;
    /// assert_eq!(stack.by_id("gn:587084").unwrap().names().len(), 2);
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn add_layer(&mut self, gazetteer: &Gazetteer) -> Result<()> {
        for record in gazetteer.records() {
            for row in record.to_rows()? {
                self.add(row, None)?;
            }
        }
        self.next_layer();
        Ok(())
    }
}
