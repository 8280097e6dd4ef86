package com.netbuild.realtime.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CommandBodyTest {

  @Test
  @DisplayName("what is short stands there as it is")
  void shortOne() {
    String json = "[{\"kind\":\"task\",\"name\":\"服😀é\"}]";
    CommandBody.Stored stored = CommandBody.of(json);
    assertArrayEquals(json.getBytes(StandardCharsets.UTF_8), stored.parts().get(0));
    assertEquals(json, CommandBody.text(stored.parts()));
  }

  @Test
  @DisplayName("few events are one part, from which they come back as they were, and smaller than they are")
  void onePart() {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      events.add("{\"kind\":\"activity\",\"event\":\"start\",\"id\":\"" + i + "\",\"activityName\":\"服😀é\"}");
    }
    String json = "[" + String.join(",", events) + "]";
    CommandBody.Stored stored = CommandBody.of(json);
    assertEquals(1, stored.parts().size());
    assertEquals(json.getBytes(StandardCharsets.UTF_8).length, stored.size());
    assertTrue(stored.parts().get(0).length < stored.size() / 4, "bytes: " + stored.parts().get(0).length);
    assertEquals(json, CommandBody.text(stored.parts()));
  }

  @Test
  @DisplayName("many are cut into parts below the limit, however little they can be deflated")
  void manyParts() {
    Random random = new Random(1);
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      StringBuilder noise = new StringBuilder();
      random.ints(4000, '!', '~').filter(c -> c != '"' && c != '\\').forEach(noise::appendCodePoint);
      events.add("{\"noise\":\"" + noise + "\"}");
    }
    String json = "[" + String.join(",", events) + "]";
    CommandBody.Stored stored = CommandBody.of(json);
    assertTrue(stored.parts().size() > 2, "parts: " + stored.parts().size());
    stored.parts().forEach(part -> assertTrue(part.length <= CommandBody.LIMIT));
    assertEquals(json, CommandBody.text(stored.parts()));
  }

  @Test
  @DisplayName("a damaged body is said to be one")
  void damaged() {
    assertThrows(UncheckedIOException.class, () -> CommandBody.text(List.of(new byte[] {1, 2, 3})));
  }
}
