package com.netbuild.realtime.engine.outbox;

import org.apache.ibatis.annotations.Insert;

/** The insert that runs on the engine's own session, and so in its transaction. */
public interface OutboxMapper {

  /** The name under which MyBatis knows {@link #insert}. */
  String INSERT = OutboxMapper.class.getName() + ".insert";

  @Insert("insert into ${prefix}NETBUILD_OUTBOX (COMMAND_, PART_, PARTS_, SIZE_, CREATED_, USER_ID_, BODY_) values ("
      + "#{command}, #{part}, #{parts}, #{size}, #{created}, #{userId,jdbcType=VARCHAR}, #{body,jdbcType=BINARY})")
  int insert(OutboxRow row);
}
