-- People read their own entries (what they agreed to, what was decided on them) without a walk over the whole ledger.
create index ledger_by_actor on ledger (actor, number);
create index ledger_by_concerned on ledger ((detail ->> 'user'), number);
