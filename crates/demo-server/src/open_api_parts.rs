//! The parts that an API describes itself by in OpenAPI's terms: operations, parameters, schemas.

use rest_contract::{Field, Kind, Schema};
use serde_json::{Map, Value as Json, json};
use sqlx::Error;

use crate::database::{Connection, query_scalar};

/// A key that exists, for an example; an empty text where there is none.
pub(crate) async fn example(connection: &mut Connection, sql: &str) -> Result<String, Error> {
    Ok(query_scalar::<String>(sql).fetch_optional(connection).await?.unwrap_or_default())
}

/// How an API refuses: its media types and the shape of its errors.
pub(crate) struct Refusals {
    pub(crate) media_types: &'static [&'static str],
    pub(crate) schema: Json,
    /// What any request may be refused with.
    pub(crate) statuses: &'static [u16],
}

/// One method of a path, under construction.
pub(crate) struct Operation {
    members: Map<String, Json>,
    parameters: Vec<Json>,
    responses: Map<String, Json>,
}

impl Operation {
    pub(crate) fn new(summary: impl Into<String>, refusals: &Refusals) -> Self {
        let content: Map<String, Json> = refusals
            .media_types
            .iter()
            .map(|media_type| {
                // A plain text is described as such whatever the structured form is.
                let plain = media_type.starts_with("text/");
                let schema = if plain { json!({ "type": "string" }) } else { refusals.schema.clone() };
                ((*media_type).to_owned(), json!({ "schema": schema }))
            })
            .collect();
        let refusal = json!({ "description": "Refused", "content": content });
        let responses = refusals.statuses.iter().map(|status| (status.to_string(), refusal.clone()));
        let members = Map::from_iter([("summary".to_owned(), summary.into().into())]);
        Self { members, parameters: Vec::new(), responses: responses.collect() }
    }

    pub(crate) fn parameter(mut self, parameter: Json) -> Self {
        self.parameters.push(parameter);
        self
    }

    pub(crate) fn parameters(mut self, parameters: impl IntoIterator<Item = Json>) -> Self {
        self.parameters.extend(parameters);
        self
    }

    pub(crate) fn body(mut self, media_type: &str, schema: Json) -> Self {
        let content = Map::from_iter([(media_type.to_owned(), json!({ "schema": schema }))]);
        self.members.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
        self
    }

    /// An answer with a body in any of the media types.
    pub(crate) fn answers(mut self, status: u16, media_types: &[&str], schema: &Json) -> Self {
        let content: Map<String, Json> = media_types
            .iter()
            .map(|media_type| ((*media_type).to_owned(), json!({ "schema": schema })))
            .collect();
        let response = json!({ "description": "Done", "content": content });
        self.responses.insert(status.to_string(), response);
        self
    }

    pub(crate) fn answers_nothing(mut self, status: u16) -> Self {
        self.responses.insert(status.to_string(), json!({ "description": "Done" }));
        self
    }

    pub(crate) fn done(mut self) -> Json {
        if !self.parameters.is_empty() {
            self.members.insert("parameters".to_owned(), self.parameters.into());
        }
        self.members.insert("responses".to_owned(), self.responses.into());
        self.members.into()
    }
}

pub(crate) fn in_path(name: &str, schema: Json, example: Json) -> Json {
    json!({ "name": name, "in": "path", "required": true, "schema": schema, "example": example })
}

pub(crate) fn in_query(name: &str, schema: Json) -> Json {
    json!({ "name": name, "in": "query", "schema": schema })
}

pub(crate) fn in_header(name: &str, schema: Json) -> Json {
    json!({ "name": name, "in": "header", "schema": schema })
}

pub(crate) fn object(properties: Json, required: &[&str]) -> Json {
    let mut object = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

pub(crate) fn array(items: Json) -> Json {
    json!({ "type": "array", "items": items })
}

/// The fields of a record that pass the test, as properties. All may be null.
pub(crate) fn fields(schema: &Schema, wanted: impl Fn(&Field) -> bool) -> Map<String, Json> {
    let wanted = schema.fields.iter().filter(|field| wanted(field));
    wanted.map(|field| (field.name.to_owned(), property(field))).collect()
}

fn property(field: &Field) -> Json {
    let mut property = match field.kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Decimal => json!({ "type": "number" }),
        Kind::Int32 => json!({ "type": "integer", "format": "int32" }),
        Kind::Int64 => json!({ "type": "integer", "format": "int64" }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::DateTime => json!({ "type": "string", "format": "date-time" }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
    };
    property["title"] = field.title.into();
    property["nullable"] = true.into();
    if let Some(length) = field.max_length {
        property["maxLength"] = length.into();
    }
    property
}
