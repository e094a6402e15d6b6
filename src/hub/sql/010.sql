-- Counts the changes of a dataset's branches, tags and withdrawals: whoever keeps them in memory sees from the dataset's row whether they still hold.
alter table datasets add column generation bigint not null default 0;
create function count_change() returns trigger language plpgsql as $$
  begin
    update datasets set generation = generation + 1 where id = coalesce(new.dataset_id, old.dataset_id);
    return null;
  end $$;
create trigger refs_counted after insert or update or delete on refs for each row execute function count_change();
create trigger withdrawals_counted after insert or update or delete on withdrawals for each row execute function count_change();
