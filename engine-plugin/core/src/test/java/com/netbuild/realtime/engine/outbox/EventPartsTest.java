package com.netbuild.realtime.engine.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventPartsTest {

  @Test
  @DisplayName("few events are one part")
  void onePart() {
    EventParts parts = new EventParts();
    assertTrue(parts.isEmpty());
    parts.add("{\"a\":1}");
    parts.add("{\"a\":2}");
    assertEquals(List.of(new EventParts.Part("[{\"a\":1},{\"a\":2}]", 17)), parts.end());
  }

  @Test
  @DisplayName("many are cut between events, each part an array below the limit of bytes, not of characters")
  void manyParts() {
    EventParts parts = new EventParts();
    for (int i = 0; i < 1000; i++) {
      parts.add("{\"i\":" + i + ",\"text\":\"" + "服😀é".repeat(200) + "\"}");
    }
    int next = 0;
    List<EventParts.Part> all = parts.end();
    assertTrue(all.size() > 1);
    for (EventParts.Part part : all) {
      int bytes = part.body().getBytes(StandardCharsets.UTF_8).length;
      assertEquals(bytes, part.size());
      assertTrue(bytes <= EventParts.LIMIT + 1);
      for (var event : JsonParser.parseString(part.body()).getAsJsonArray()) {
        assertEquals(next++, event.getAsJsonObject().get("i").getAsInt());
      }
    }
    assertEquals(1000, next);
  }
}
