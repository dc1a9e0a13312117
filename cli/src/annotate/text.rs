//! The text format: the text itself, with the record behind each name.

use std::io::{self, Write};

use anstyle::{AnsiColor, Color, Style};
use exonym::gazetteer::RecordRef;
use exonym::output::{Annotated, Format};
use exonym::resolve::Role;

use crate::links::id_if;

/// Without colour `Alma-Ata [gn:1526384 Almaty, KZ]`, with colour the name is coloured by role. Runners-up
/// and reasons, if they were asked for, follow the text, indented.
pub(crate) struct Text {
    pub(crate) coloured: bool,
    /// Whether ids lead to pages.
    pub(crate) linked: bool,
}

impl Format for Text {
    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let annotated = text;
        let Annotated { text, annotations, .. } = *text;
        let (dim, mut at) = (Style::new().dimmed(), 0);
        for annotation in annotations {
            if annotation.start < at {
                continue;
            }
            let name = &text[annotation.start..annotation.end];
            out.write_all(&text.as_bytes()[at..annotation.start])?;
            let role =
                if annotation.role == Role::Place { String::new() } else { format!(", {}", annotation.role) };
            let label = format!("[{}{role}]", self.brief(annotated, annotation.record));
            if self.coloured {
                let style = Style::new().bold().fg_color(Some(Color::Ansi(colour(annotation.role))));
                write!(out, "{style}{name}{style:#} {dim}{label}{dim:#}")?;
            } else {
                write!(out, "{name} {label}")?;
            }
            at = annotation.end;
        }
        out.write_all(&text.as_bytes()[at..])?;
        if !text.ends_with('\n') {
            out.write_all(b"\n")?;
        }
        for annotation in annotations {
            if annotation.candidates.is_empty() && annotation.reasons.is_empty() {
                continue;
            }
            let name = &text[annotation.start..annotation.end];
            writeln!(
                out,
                "    {name}: {}  {:.2}",
                self.brief(annotated, annotation.record),
                annotation.score
            )?;
            for candidate in annotation.candidates.iter().filter(|c| c.record != annotation.record) {
                writeln!(
                    out,
                    "      or {}  {:.2}",
                    self.brief(annotated, candidate.record),
                    candidate.score
                )?;
            }
            for reason in &annotation.reasons {
                writeln!(out, "      {:+.2} {}", reason.weight, reason.text)?;
            }
        }
        Ok(())
    }
}

impl Text {
    fn brief<'a>(&self, text: &Annotated<'a>, record: RecordRef<'a>) -> String {
        let country = record.country().map(|c| format!(", {c}")).unwrap_or_default();
        format!("{} {}{country}", id_if(record, self.linked), text.name_of(record))
    }
}

fn colour(role: Role) -> AnsiColor {
    match role {
        Role::Place => AnsiColor::Green,
        Role::Demonym => AnsiColor::Cyan,
        Role::Metonym => AnsiColor::Blue,
        Role::Organization => AnsiColor::Magenta,
        Role::Person => AnsiColor::Yellow,
        Role::Document | Role::Event => AnsiColor::Red,
        _ => AnsiColor::BrightBlack,
    }
}
