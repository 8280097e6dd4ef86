create table ${prefix}NETBUILD_OUTBOX (
  ID_ bigint auto_increment primary key,
  COMMAND_ varchar(36) not null,
  PART_ integer not null,
  PARTS_ integer not null,
  SIZE_ integer not null,
  CREATED_ bigint not null,
  USER_ID_ varchar(255),
  ASIDE_ varchar(255),
  BODY_ longblob not null
) engine = InnoDB default charset = utf8mb4;
create table ${prefix}NETBUILD_RELAY (
  NAME_ varchar(32) primary key,
  HOLDER_ varchar(64),
  UNTIL_ bigint not null,
  WAITED_ bigint not null
) engine = InnoDB default charset = utf8mb4;
