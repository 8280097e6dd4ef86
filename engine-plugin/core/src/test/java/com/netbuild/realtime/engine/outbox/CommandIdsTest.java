package com.netbuild.realtime.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CommandIdsTest {

  @Test
  @DisplayName("those of one start are in their order, and no other start has them")
  void ids() {
    CommandIds ids = new CommandIds();
    List<String> of = Stream.generate(ids::next).limit(300).toList();
    assertEquals(of.stream().sorted().distinct().toList(), of);
    assertNotEquals(new CommandIds().next(), of.get(0));
  }
}
