-- An address that nobody has proven is what somebody typed: it must neither keep its owner out nor tell a stranger that it is known here.
drop index users_by_email;
create index users_by_email on users (lower(email));
create unique index users_by_proven_email on users (lower(email)) where email_verified;
