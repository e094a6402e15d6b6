-- Deletions are carried out by the hub: a request names one or many conversations, or a person whose hash is proven, and remembers what came of it.
alter table deletion_requests add column subjects jsonb;
update deletion_requests set subjects = jsonb_build_array(subject) where subject is not null;
alter table deletion_requests drop column subject;
-- Who vouches that a person's hash is theirs: their own session on the collection site, or the steward.
alter table deletion_requests add column proof text check (proof in ('session', 'steward'));
alter table deletion_requests add column removed integer;
alter table deletion_requests add column withdrawn integer;
-- Why an accepted request could not be carried out, in words for the steward.
alter table deletion_requests add column problem text;
-- One server works on a dataset's deletions at a time; a claim that has run out belongs to one that died.
create table claims (name text primary key, holder text not null, until timestamptz not null);
-- Bytes that were withdrawn for a deletion are erased from the store, unless another dataset holds the same ones.
alter table withdrawals add column erased_at timestamptz;
