-- Notices are sent once: who was told that a grant ends, and who was reminded of a demand.
alter table requests add column warned_for timestamptz;
alter table licence_confirmations add column reminders integer not null default 0;
alter table licence_confirmations add column reminded_at timestamptz;
-- A demand may end the licence of those whom it goes to: their access stops when it is made.
alter table licence_demands add column is_termination boolean not null default false;
-- Messages of one moment go out in the order they were written.
alter table outbox add column position bigint generated always as identity;
