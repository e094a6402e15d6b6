-- Raw files that held a deleted conversation: their bytes go, the reason stays until the file is uploaded again without it.
alter table raw_files add column withdrawn_reason text;
alter table raw_files add column erased_at timestamptz;
