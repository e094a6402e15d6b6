-- Who set a version of the terms; null where the card did. A card that says what it said before does not take back what an owner has set since.
alter table terms add column set_by text;
update terms set set_by = 'hub' where level = 'raw';
-- Whoever had access once may have copies, whatever became of the request: demands go to all of them.
alter table requests add column had_access boolean not null default false;
update requests set had_access = true where status in ('accepted', 'revoked') or expires_at is not null
  or exists (
    select 1 from ledger join datasets on ledger.dataset = datasets.namespace || '/' || datasets.name
    join users on users.id = requests.user_id
    where datasets.id = requests.dataset_id and ledger.detail ->> 'level' = requests.level
      and ((ledger.action in ('access.accepted', 'access.granted') and ledger.detail ->> 'user' = users.name)
        or (ledger.action = 'access.requested' and ledger.actor = users.name and ledger.detail ->> 'status' = 'accepted'))
  );
create function remember_access() returns trigger language plpgsql as $$
  begin new.had_access = new.had_access or new.status = 'accepted'; return new; end $$;
create trigger access_remembered before insert or update on requests for each row execute function remember_access();
-- What was deleted on request, by the SHA-256 of conversation ids and people's hashes: it must not come back with a later upload.
create table tombstones (
  dataset_id text not null references datasets (id) on delete cascade,
  subject_hash text not null,
  ticket text not null,
  made_at timestamptz not null,
  primary key (dataset_id, subject_hash)
);
insert into tombstones (dataset_id, subject_hash, ticket, made_at)
  select dataset_id, subject_hash, id, coalesce(decided_at, opened_at) from deletion_requests where status = 'done' and removed is not null on conflict do nothing;
-- Rows for strangers were picked from the revision that was the newest then.
update datasets set settings = settings || jsonb_build_object('sampleRevision', refs.target) from refs
  where refs.dataset_id = datasets.id and refs.kind = 'branch' and refs.name = 'main' and datasets.settings ? 'sampleRows';
