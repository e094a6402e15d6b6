-- Accounts as better-auth keeps them. A name is found by its lower-case form; an e-mail address is kept in lower case.
alter table users add column username text generated always as (lower(name)) stored;
update users set email = lower(email) where email <> lower(email);
-- Every account owns the namespace of its name, however the account came to be. A name that an organization has is refused.
create function make_namespace() returns trigger language plpgsql as $$
  begin insert into namespaces (name, user_id) values (new.name, new.id); return new; end $$;
create trigger users_have_namespaces after insert on users for each row execute function make_namespace();
-- Sessions of earlier versions were found by another hash; people log in again.
delete from sessions;
alter table sessions drop column ip_address;

-- What is to be sent, kept until it is: a kill loses no notice. Bodies are emptied once they are sent or given up.
create table outbox (
  id text primary key,
  kind text not null check (kind in ('mail', 'webhook')),
  event text not null,
  dataset_id text references datasets (id) on delete cascade,
  target text not null,
  subject text not null default '',
  body text,
  created_at timestamptz not null,
  next_at timestamptz not null,
  attempts integer not null default 0,
  sent_at timestamptz,
  failed_at timestamptz,
  -- How the last attempt failed: a word of ours, never the other side's text.
  problem text
);
create index outbox_waiting on outbox (next_at) where sent_at is null and failed_at is null;
create index outbox_by_dataset on outbox (dataset_id, created_at);
