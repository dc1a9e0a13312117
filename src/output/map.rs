//! A small map of the world as SVG: the gazetteer's own places drawn as land, meridians and parallels, and dots.

use std::io::{self, Write};

use crate::gazetteer::Gazetteer;
use crate::record::{Kind, Point};

/// Degrees from one dot of land to the next.
const STEP: usize = 2;
const ACROSS: usize = 360 / STEP;
const DOWN: usize = 180 / STEP;

/// South of this there is but one continent; the map ends here unless something lies there.
const SOUTH: f64 = -58.0;

/// The parts that all maps of a page share, as an SVG `symbol` with the id `world`.
pub(super) fn world(gazetteer: &Gazetteer, out: &mut Vec<u8>) -> io::Result<()> {
    let mut land = [[false; ACROSS]; DOWN];
    for record in gazetteer.records().filter(|r| r.kind() == Kind::Place) {
        let Some((x, y)) = record.point().map(place) else { continue };
        let cell = land.get_mut(y as usize / STEP).and_then(|row| row.get_mut(x as usize / STEP));
        if let (Some(cell), Some('P')) = (cell, record.feature().and_then(|f| f.chars().next())) {
            *cell = true;
        }
    }
    out.extend(b"<svg class=\"hidden\" aria-hidden=\"true\"><symbol id=\"world\" viewBox=\"0 0 360 180\"><path class=\"grid\" d=\"");
    for x in (0..=360).step_by(30) {
        write!(out, "M{x} 0V180")?;
    }
    for y in (0..=180).step_by(30) {
        write!(out, "M0 {y}H360")?;
    }
    // A dash of no length every STEP degrees, with round ends: a dot for each cell.
    write!(out, "\"/><path class=\"land\" stroke-dasharray=\"0 {STEP}\" d=\"")?;
    for (y, row) in land.iter().enumerate() {
        let mut x = 0;
        while x < ACROSS {
            let run = row[x..].iter().take_while(|cell| **cell).count();
            if run > 0 {
                let length = ((run - 1) * STEP) as f64 + 0.1;
                write!(out, "M{} {}h{length}", x * STEP + STEP / 2, y * STEP + STEP / 2)?;
            }
            x += run.max(1);
        }
    }
    out.extend(b"\"/></symbol></svg>\n");
    Ok(())
}

/// A dot of a map.
pub(super) struct Dot<'a> {
    pub(super) point: Point,
    pub(super) class: &'a str,
    /// Escaped.
    pub(super) title: String,
    pub(super) count: usize,
}

/// One map with its dots; nothing where there are none.
pub(super) fn map(dots: &[Dot<'_>], out: &mut Vec<u8>) -> io::Result<()> {
    if dots.is_empty() {
        return Ok(());
    }
    let height = if dots.iter().any(|d| d.point.lat() < SOUTH) { 180.0 } else { 90.0 - SOUTH };
    write!(
        out,
        "<svg class=\"map\" viewBox=\"0 0 360 {height}\" role=\"img\"><title>Where these places are</title>\
         <use href=\"#world\" width=\"360\" height=\"180\"/>"
    )?;
    for dot in dots {
        let (x, y) = place(dot.point);
        let radius = (3.2 + (dot.count as f64).log2() * 0.6).min(6.0);
        write!(
            out,
            "<circle class=\"{}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"><title>{}</title></circle>",
            dot.class, dot.title
        )?;
    }
    out.extend(b"</svg>");
    Ok(())
}

/// Degrees from the upper left corner.
fn place(point: Point) -> (f64, f64) {
    (point.lon() + 180.0, 90.0 - point.lat())
}
