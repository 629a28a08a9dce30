//! A service on a real database that answers as the vendors' usage-billing systems do, for demos
//! and tests of the console.
//!
//! Here: Oracle's usage-event REST API (`oracle`) and the job that rates its events (`rating`), Cloud
//! Foundry's service usage events (`cloud_foundry`), LogiSense's base buckets (`logisense`), sign-in
//! (`sign_in`), the demo data, and the console's own files. State lives in the database; a process holds
//! connections, compressed files, counters of requests and the fault switches of tests, nothing else.
//!
//! Not here: the shape of records on the wire (`rest_contract`).
//!
//! # What is served, and what proves it
//!
//! Oracle's paths stand below `/crmRestApi/resources/{11.13.18.05|latest}`, LogiSense's below
//! `/ResourceServer/api/v8`. Tests are modules of
//! `tests/service`; parsers and orders have theirs beside them.
//!
//! | request | test |
//! |---|---|
//! | GET `subscriptionUsageEventBatches[/{BatchNumber}]` | `reading`, `batch_counts` |
//! | POST, DELETE of the same, `Upsert-Mode` | `creating` |
//! | POST `.../action/getMyBatchesMetrics`, `getMetricsForUsageBatches` | `acting` |
//! | POST `subscriptionUsageEvents/action/getMetricsForUsageEvents` (this service's own) | `event_metrics` |
//! | POST `.../{BatchNumber}/action/addEvents` | `conformance::post_subscription_usage_event_batches_action_add_events`, `acting` |
//! | POST `.../action/deleteEvents`, `lockForReview`, `revert` (or `revertForEdit`), `submit` | `acting`, `random_walk` |
//! | GET, PUT, DELETE `.../enclosure/{field}` | `creating` |
//! | GET `.../child/usageEvents[/{EventNumber}]` and the twin `subscriptionUsageEvents` | `reading`, `querying` |
//! | POST, DELETE of the same, `Upsert-Mode` | `creating` |
//! | PATCH `.../child/usageEvents/{EventNumber}`, with nested children | `conformance::patch_subscription_usage_event_batches_child_usage_events`, `changing`, `creating` |
//! | POST `.../child/usageEvents/{EventNumber}/action/reverse` and its twin | `conformance::post_subscription_usage_event_batches_child_usage_events_action_reverse`, `acting` |
//! | GET, POST, PATCH, DELETE `.../child/usageCharges`, `.../child/usageMessages` under both | `reading`, `changing`, `creating` |
//! | GET, POST, PATCH, DELETE `.../child/ruleBuilderConditions` | `creating` |
//! | GET, POST, PATCH `.../child/usageEventBatchErrors`; GET `usageEventBatchFiles`, `usageBusinessUnitBatches` | `conformance::get_children_of_subscription_usage_event_batches` |
//! | GET `usageBatchErrors[/{MessageName}]` | `conformance::get_usage_batch_errors` |
//! | PATCH of batch, event, charge, message | `changing`, `concurrency` |
//! | GET `fndStaticLookups`, `currenciesLOV`, `unitOfMeasuresLOV`, `timezonesLOV`, `subscriptionUsageEventTypes`, `subscriptionProductsLOV`, `usageEventErrorKeysLOV` | `lists_of_values` |
//! | GET `usageRatesLOV`, `unitConversionsLOV`, `usageAllowancesLOV` (this service's own) | `conformance::get_rates_and_allowances` |
//! | GET, POST `usageClosedPeriods`, DELETE `usageClosedPeriods/{PeriodName}` (this service's own) | `closed_periods` |
//! | GET, POST `usageApprovalRules`, DELETE `usageApprovalRules/{RuleName}` (this service's own) | `approvals::limits` |
//! | GET, POST `usageApprovals`, GET `.../{ApprovalNumber}[/enclosure/Content]`, POST `.../action/approve`, `refuse`, `withdraw` (this service's own) | `approvals::decisions`, `approvals::roads`, `approvals::purge` |
//! | POST `usageApprovals/action/weigh`, `waiting` (this service's own) | `approvals` |
//! | GET `changeHistory[/{ChangeId}]`, `changeSteps[/{ChangeStepId}]` (this service's own) | `change_history`, `change_steps` |
//! | GET `describe` of the root, a collection, an item | `conformance::describe_tells_attributes_actions_and_children` |
//! | GET of an item with `dependency` | `previewing` |
//! | GET `/crmRestApi/resources` | `refusals` |
//! | POST of a batch request to the root | `batch_requests` |
//! | the rating job: rating, re-rating, reversing, cut off and taken over | `rating` |
//! | the life of batches and events | `random_walk`, and every combination in `rest-contract/tests/life_cycle.rs` |
//! | all of these by sixteen clients at once, and by a process that is killed | `many_clients` |
//! | several servers on one database | `several_servers` |
//! | GET `/v3/service_usage_events` | `cloud_foundry::listing`, `cloud_foundry::list_parameters` |
//! | GET `/v3/service_usage_events/{guid}`, `/`, `/v3`, `/v3/info`, `/login` | `cloud_foundry::reading` |
//! | the same by PyPI's `cloudfoundry-client`, and Oracle's tree by links and descriptions alone | `cargo xtask test --only clients` |
//! | GET `/v3/organizations` | `cloud_foundry::organizations` |
//! | POST `/v3/service_usage_events/actions/destructively_purge_all_and_reseed` | `cloud_foundry::purging` |
//! | GET, POST, PATCH, DELETE `/demo/service_instances[/{guid}]` (this service's own) | `cloud_foundry::instances` |
//! | POST `/demo/service_usage_events/actions/prune` (this service's own) | `cloud_foundry::retention` |
//! | the endpoint of the vendor's page on purging with the page's statuses, and its siblings | `cloud_foundry::conformance`, one test each |
//! | any refused Cloud Foundry request, every role | `cloud_foundry::refusals` |
//! | rate limits (`--requests-per-hour`) | `cloud_foundry::rate_limit` |
//! | pages of other origins (`--allow-origin`) | `cors` |
//! | SQLite and PostgreSQL, newer and foreign databases, bounds of time | `databases`; every test runs on both |
//! | GET, POST `Usage/Bucket/Base`, GET `.../Paged`, `.../Paged/Detail`, GET, PUT, PATCH, DELETE `.../{id}`, GET `.../{id}/Detail` | `logisense::conformance`, one test each |
//! | the same: pages, rules of writing, several changes at once, deletion | `logisense::paging`, `writing`, `patching`, `deleting` |
//! | POST `Usage/Bucket/Base/Search` | `logisense::searching` |
//! | GET, POST, PUT, DELETE `Usage/Bucket/BaseDetail[/{id}]` | `logisense::detail_rows` |
//! | GET `Usage/Bucket/BaseUnit`, `Usage/Bucket`, `Usage/Class`, `GeoTree/Location`, `GeoTree/LocationGroup` | `logisense::lists` |
//! | POST `/AuthorizationServer/api/v8/Access/Login` | `logisense::signing_in` |
//! | any refused LogiSense request, every role | `logisense::refusals` |
//! | POST `/oauth/token` (password, refresh_token), Basic and Bearer | `signing_in` |
//! | access tokens of identity providers (`--openid-issuer`, `--openid-keys`) | `provider_tokens`, `program` |
//! | any refused request | `refusals`; every kind of refusal by each API: `every_refusal` |
//! | GET `/healthz` | `refusals` |
//! | GET `/version`, `/connections.json` (what the console reads of its systems) | `app_files` |
//! | GET `/openapi.json` | `open_api`, and thousands of requests made up from it (`cargo xtask test --only fuzz`) |
//! | the console's files (`--dist`), `/` and `/login` by what is accepted | `app_files` |
//! | GET, PUT, DELETE `/faults` (`--faults`) | `faults`, `every_refusal`, `cloud_foundry::purging` |
//! | `demo-server load FILE` | `load_file` |
//! | an empty database is filled | `demo_data` |
//!
//! # Where it differs from the vendor, knowingly
//!
//! - Codes of the `ORA_OSS_*` lookups, the names of the list-of-values collections and the error
//!   codes 26080 (malformed body) and 27023 (business rule) are this service's own: the vendor's are
//!   not public.
//! - `REST-Framework-Version` 5 to 9 is served as 4, and the response header says 4.
//! - `UPPER` and `LOWER` in `q` fold letter for letter in any script, and a letter and its accent are one
//!   however they are written, which the vendor's database does not promise. `like` is case-sensitive, `_` is no wildcard,
//!   and `escape '\'` behind the pattern makes a letter of the one that follows it.
//! - Times are kept to the microsecond, those of base buckets to the millisecond; a finer one, or a leap second, is
//!   refused, for it would be cut.
//! - An expanded child carries up to 499 items, and `expand=all` means the direct children.
//! - `dependency` is read on items; what an item would be is shown with the version that it has. A PATCH
//!   that would be refused is refused as a preview, too.
//! - Event types are a list of values here: they are not made, changed, activated or synchronised.
//! - `X-Requested-By` is asked for with `--require-requested-by`, as the vendor does where its protection
//!   from forged requests is on.
//! - `canonical` links equal `self` links, through whichever parent the item was read.
//! - A batch's change indicator has a second part for its derived counts. It matters to
//!   `If-None-Match` and not to `If-Match`: a moved count refuses nobody's description.
//! - A PATCH that changes nothing makes no new version. An empty text is stored as null.
//! - A change of a charge gives its event a new version: an event whose billed amount moved has changed,
//!   and whoever decided by the old amount is told by 412. A message moves nothing.
//! - Nested rows of a PATCH are matched by their key (`UsageChargePuid`, `UsageMessageId`, ...), which the
//!   vendor's page does not list for charges, and added where they carry none. Rows that are not sent stay.
//! - Ids are given by the service; natural keys (BatchNumber, EventNumber, UsageChargePuid,
//!   ConditionNumber, EventBatchErrorNumber) may be chosen by the client. A duplicate is 400 with 25013.
//! - A new event without a batch goes into the sender's open automatic batch. Its status is Draft unless
//!   said otherwise; submitting takes what is in Draft or Ready, and leaves what is on hold or in error.
//! - A batch completed with errors can be submitted again once some of its events are ready: the vendor's
//!   pages name no other way for a corrected event to be rated.
//! - `reverse` and `addEvents` on a reversal batch make a reversing event (number with `-REV`) for each
//!   original, which is held from then on, and reversed when the batch has been processed. Without a batch
//!   named, `reverse` makes one and leaves it open, as an open batch is what the vendor's dashboard shows.
//! - `addEvents` on a re-rating batch brings the events themselves into it; `RelatedBatchId` names the batch
//!   they came from, `deleteEvents` takes them back there. They stay after re-rating.
//! - Rules of an action are kept as the batch's `ruleBuilderConditions`; an action without any follows the
//!   kept ones. Results of actions have this service's own members beside `status`, `message`, `count`.
//! - How events are rated is described at `rating`. Amounts are rounded half up to the currency's decimals.
//! - An action needs its own media type, takes `If-Match`, and cannot be part of a batch request. A batch
//!   request has up to 1000 parts, and its operation `replace` is not served.
//! - Large texts (`CriteriaJson`, `ConditionJson`, `ConditionRestQParam`) stand among the fields in base64;
//!   as such they can be compared in `q`, which is of no use.
//! - Cloud Foundry's purge and reseed is one transaction: its race with instances being created or
//!   deleted, of which the vendor warns, cannot happen, and two purges at once both answer 200. With
//!   `--refuse-second-purge` the second one is answered 409, which the vendor lists without a code.
//! - Of an organization guid and name are told, and nobody has a role in one.
//! - The event list tells the true `total_results` on a page past the end, too.
//! - The siblings of version 2 and the usage events of apps are not served.
//! - A method that a Cloud Foundry address does not take is answered 405 with `Allow`, not 404.
//! - `GET /` names the APIs that are here and leaves the others out; tokens are to be had at the same host. Beside
//!   the console it is the console for whoever asks for a page, as browsers do, and `/login` likewise. No client
//!   is asked for at `/oauth/token`, and `/login` tells the prompts and not how to sign in by other means.
//! - Requests are limited in rate on demand only, and
//!   strangers all together, not by address.
//! - LogiSense: a base bucket's name has 1 to 255 characters and is unique but for case; its unit must
//!   be visible and eligible; `end` is not before `start`. Retiring sets `end`, the reverse clears it, and
//!   a retired bucket takes no other change. PUT with null empties `start` and `end` only. PATCH is all or
//!   none, knows create, update and delete, and echoes `patchClientId`. Deletion is refused while a usage
//!   bucket or a share plan draws on the bucket; links to usage buckets that have ended are detached.
//! - LogiSense: `Pagination` is a JSON text, its members may stand in the query instead, pages have up to
//!   1000 items. `ETag` and `If-Match` are offered, never required. Codes of faults but two, `Search` on
//!   base buckets, the renewal of tokens, usage buckets' `usageBucketBaseIds` and the addresses under
//!   `GeoTree` are this service's own; `UpdateRequest` headers and `Metadata` are not served.
//! - `usageClosedPeriods` is this service's own: a period whose books are closed, two instants. No event that began in
//!   one, or would begin in one, is written, on whatever road: the life cycle says why, and triggers hold whatever does
//!   not ask it. Only an administrator closes (POST) and reopens (DELETE), never over events that are under way.
//! - `usageApprovalRules` and `usageApprovals` are this service's own: a rule says which acts need a second person
//!   (`RuleKind` AMOUNT above `AmountLimit` of `CurrencyCode`, REVERSALS above `CountLimit`, PURGE); without any, none does.
//!   DELETE lifts a rule: it stays in force for 24 hours, until the `EndDate` that the answer tells. No batch request makes
//!   or lifts one. An act that needs one and has no approval for its content as it is now is answered 409 with the reasons, and nothing
//!   is done. An approval is asked for by a POST (`BatchNumber`, or `ActionCode` PURGE; `ContentDigest` of what was seen,
//!   `Note`), approved with `contentDigest`, refused with `reason`, withdrawn by whoever asked. `State` is REQUESTED,
//!   APPROVED, REFUSED, WITHDRAWN, SPENT or STALE; `Content` is the canonical text of `rest_contract::oracle::approval`.
//!   `weigh` tells what an act would be approved for and whether the asking person needs that, `waiting` which approvals
//!   they may give; both change nothing. Amounts are gross, of events that are still to be rated as rating would make
//!   them once all that is handed over already is rated. REVERSALS counts events that reverse another one. Whoever has an
//!   account here is no second person to somebody whom an identity provider knows, nor the other way round. What one person submits within 24 hours without an approval adds up. `prune`, which stands for the
//!   platform's nightly cleaning, asks for none.
//! - `changeHistory` is this service's own: a row for each field that a change moved, of batches and of what is
//!   in them (`BatchNumber`, `EventNumber`: where the record was once it was changed; `OtherBatchNumber`: the
//!   batch that an event left by this change, or that its reversal is in, whose history the row belongs to as
//!   well). A record that is made leaves no row (but for a rule of approvals), one that is deleted by itself leaves a row for each value that
//!   it held; an event that goes with its batch, or by `deleteEvents`, one for its status.
//! - `getMetricsForUsageEvents` is this service's own: `boundaries` are 2 to 200 ascending instants, and of the events
//!   that began from each to the next it tells, as of one moment (`asOf`), the number by status and the sum of their
//!   charges by currency, digits as text; reversing events (`isReversal`) and each `error` of events in error apart.
//!   It needs no more than a role that reads, as the other actions that tell figures.
//! - `changeSteps` is this service's own: the same rows added up, a row for each kind of record, field and other
//!   batch of what was done in a batch together, which share their `StepNumber`; in the batch where it was changed
//!   each record counts in the `RecordCount` of one of them. A request is a step, and so is a run of the rating job, and what one person does to the same field of one record after the other with less
//!   than a minute between. It is meant to be asked for one `BatchNumber`.
//! - What is under `/demo` the vendor does not have: service instances are made and changed through
//!   `/demo/service_instances`, and old events are pruned on demand, not every night; both for
//!   administrators. Oracle's and Cloud Foundry's APIs share their tokens here.
//! - An identity provider is trusted by its public keys in a file that is read at the start (RFC 9068), as Oracle
//!   trusts an issuer by its certificate; no key is fetched. Whom its tokens name needs no account here. LogiSense
//!   takes its own tokens alone.
//! - Reading that takes longer than 30 seconds is ended and answered 503; so is a statement of a writer after
//!   120 seconds, or waiting as long for the turn to write, and then nothing was done. A body has half a
//!   minute to come and 1 MiB. The zero character is refused in every text.
//! - `LeEventStartDate` follows the start in the event's own time zone; legal entities have none here.

pub mod access_tokens;
pub mod accounts;
pub mod app_files;
mod approvals;
pub mod cloud_foundry;
pub mod command_line;
pub mod connection;
mod connections_file;
mod cors;
pub mod database;
pub mod demo_data;
pub mod fault_layer;
pub mod faults;
mod form;
mod guid;
mod json_names;
pub mod load_file;
pub mod logisense;
mod open_api;
mod open_api_parts;
pub mod oracle;
mod page_or_data;
pub mod policy;
pub mod provider_tokens;
pub mod rating;
mod request_body;
mod request_id;
mod request_origin;
mod router;
mod service;
mod sign_in;

pub use router::router;
pub use service::Service;
