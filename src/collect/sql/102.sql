-- Kept answers of the gateway, for feedback on them.
create table collect_gateway_turns (
  id text primary key,
  upstream text,
  key text not null references collect_gateway_keys (id),
  conversation text not null,
  model text not null,
  person text not null,
  made_at timestamptz not null
);
create index collect_gateway_turns_by_upstream on collect_gateway_turns (key, upstream);
create index collect_gateway_turns_by_person on collect_gateway_turns (person);
