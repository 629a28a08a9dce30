//! Cross-origin requests (Fetch standard, "CORS protocol"), for origins that the policy names and in
//! the words of each vendor: which methods and headers a foreign page may send and which headers it
//! may read. A page from here needs none of it.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::Service;

/// What one API lets a foreign page do.
struct Terms {
    path: &'static str,
    methods: &'static str,
    request_headers: &'static str,
    readable_headers: &'static str,
    seconds: &'static str,
}

/// Oracle: the defaults of its profile options, and the version's header, which those lack.
const ORACLE: Terms = Terms {
    path: "/crmRestApi",
    methods: "OPTIONS, HEAD, GET, POST, PUT, PATCH, DELETE",
    request_headers: "Authorization, Content-Type, Accept, If-Match, If-None-Match, REST-Framework-Version, \
                      Upsert-Mode, Metadata-Context, Effective-Of, X-HTTP-Method-Override, X-Requested-By",
    readable_headers: "ETag, Location, REST-Framework-Version, Retry-After, X-Request-Id",
    seconds: "3600",
};

/// Cloud Foundry: its middleware's lists, and what it keeps from a page but a page needs.
const CLOUD_FOUNDRY: Terms = Terms {
    path: "/v3",
    methods: "GET, PUT, POST, DELETE",
    request_headers: "Authorization, Content-Type, Accept",
    readable_headers: "x-cf-warnings, x-app-staging-log, x-vcap-request-id, location, range, \
                       X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After",
    seconds: "900",
};

const LOGISENSE: Terms = Terms {
    path: "/ResourceServer",
    methods: "GET, POST, PUT, PATCH, DELETE",
    request_headers: "Authorization, Content-Type, Accept, Pagination, OutputFormat, UpdateRequest, If-Match",
    readable_headers: "ETag, Retry-After, X-Request-Id",
    seconds: "900",
};

const SIGN_IN: Terms = Terms {
    path: "/oauth/token",
    methods: "POST",
    request_headers: "Authorization, Content-Type, Accept",
    readable_headers: "X-Request-Id",
    seconds: "900",
};

const LOGIN: Terms = Terms { path: "/AuthorizationServer", ..SIGN_IN };

pub(crate) async fn allow(State(service): State<Service>, request: Request, next: Next) -> Response {
    let allowed = &service.policy.allowed_origins;
    let path = request.uri().path();
    let terms = [ORACLE, CLOUD_FOUNDRY, LOGISENSE, SIGN_IN, LOGIN].into_iter().find(|terms| {
        path.strip_prefix(terms.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let Some(terms) = terms.filter(|_| !allowed.is_empty()) else { return next.run(request).await };
    let origin = request.headers().get(header::ORIGIN).cloned();
    let origin = origin.filter(|origin| allowed.iter().any(|one| origin == one.as_str()));
    let asks_first = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match (&origin, asks_first) {
        (Some(_), true) => terms.preflight(),
        _ => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        insert(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, terms.readable_headers);
    }
    response
}

impl Terms {
    fn preflight(&self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        insert(headers, header::ACCESS_CONTROL_ALLOW_METHODS, self.methods);
        insert(headers, header::ACCESS_CONTROL_ALLOW_HEADERS, self.request_headers);
        insert(headers, header::ACCESS_CONTROL_MAX_AGE, self.seconds);
        response
    }
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
