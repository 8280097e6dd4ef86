-- Not run: written by the manual, for SQL Server 2016 and later.
create table ${prefix}NETBUILD_OUTBOX (
  ID_ bigint identity primary key,
  COMMAND_ varchar(36) not null,
  PART_ int not null,
  PARTS_ int not null,
  SIZE_ int not null,
  CREATED_ bigint not null,
  USER_ID_ nvarchar(255),
  ASIDE_ nvarchar(255),
  BODY_ varbinary(max) not null
);
create table ${prefix}NETBUILD_RELAY (
  NAME_ varchar(32) primary key,
  HOLDER_ varchar(64),
  UNTIL_ bigint not null,
  WAITED_ bigint not null
);
