//! GeoJSON (RFC 7946): a feature per mention, for maps. Records without a position have the geometry `null`.

use std::borrow::Cow;
use std::io;

use serde::Serialize;
use serde_json::value::RawValue;

use super::jsonl::{Document, Mention};
use super::{Annotated, Format, Offsets};

/// Writes one `FeatureCollection`, or a feature per line.
#[derive(Clone, Copy, Debug)]
pub struct GeoJson {
    offsets: Offsets,
    lines: bool,
}

impl GeoJson {
    /// One collection of all mentions.
    pub fn collection(offsets: Offsets) -> GeoJson {
        GeoJson { offsets, lines: false }
    }

    /// A feature per line, for streams.
    pub fn lines(offsets: Offsets) -> GeoJson {
        GeoJson { offsets, lines: true }
    }
}

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    geometry: Option<Point>,
    properties: Properties<'a>,
}

/// Longitude first, as RFC 7946 has it.
#[derive(Serialize)]
struct Point {
    r#type: &'static str,
    coordinates: [f64; 2],
}

#[derive(Serialize)]
struct Properties<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a RawValue>,
    start: usize,
    end: usize,
    offsets: &'static str,
    text: &'a str,
    role: &'static str,
    score: f64,
    id: String,
    name: Cow<'a, str>,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    feature: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    population: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    same_as: Vec<String>,
}

impl GeoJson {
    fn feature<'a>(self, text: &Annotated<'a>, mention: Mention<'a>) -> Feature<'a> {
        let entity = mention.entity;
        let point = |(lat, lon)| Point { r#type: "Point", coordinates: [lon, lat] };
        Feature {
            r#type: "Feature",
            geometry: entity.lat.zip(entity.lon).map(point),
            properties: Properties {
                document: text.id,
                date: text.date,
                start: mention.start,
                end: mention.end,
                offsets: self.offsets.as_str(),
                text: mention.text,
                role: mention.role,
                score: mention.score,
                id: entity.id,
                name: entity.name,
                kind: entity.kind,
                feature: entity.feature,
                country: entity.country,
                population: entity.population,
                same_as: entity.same_as,
            },
        }
    }
}

impl Format for GeoJson {
    fn head(&self, out: &mut Vec<u8>) -> io::Result<()> {
        if !self.lines {
            out.extend(b"{\"type\":\"FeatureCollection\",\"features\":[\n");
        }
        Ok(())
    }

    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        for (i, mention) in Document::of(text, self.offsets).annotations.into_iter().enumerate() {
            if i > 0 && !self.lines {
                out.extend(self.between().as_bytes());
            }
            serde_json::to_writer(&mut *out, &self.feature(text, mention))?;
            if self.lines {
                out.push(b'\n');
            }
        }
        Ok(())
    }

    fn between(&self) -> &'static str {
        if self.lines { "" } else { ",\n" }
    }

    fn tail(&self) -> &'static str {
        if self.lines { "" } else { "\n]}\n" }
    }
}
