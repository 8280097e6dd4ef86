package com.netbuild.realtime.engine.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.netbuild.realtime.engine.CamundaWebSocketPlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEnginePlugin;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class RealtimeAutoConfigurationTest {

  private final ApplicationContextRunner context = new ApplicationContextRunner()
      .withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class));

  @Test
  @DisplayName("there is one plugin, with the properties of the application")
  void properties() {
    context.withPropertyValues("netbuild.realtime.enabled=false", "netbuild.realtime.create-table=false").run(it -> {
      assertThat(it).hasSingleBean(ProcessEnginePlugin.class);
      assertThat(it.getBean(CamundaWebSocketPlugin.class).isEnabled()).isFalse();
      assertThat(it.getBean(CamundaWebSocketPlugin.class).isCreateTable()).isFalse();
    });
  }

  @Test
  @DisplayName("a plugin of the application's own takes its place")
  void ownBean() {
    CamundaWebSocketPlugin own = new CamundaWebSocketPlugin();
    context.withBean(CamundaWebSocketPlugin.class, () -> own)
        .run(it -> assertThat(it.getBean(ProcessEnginePlugin.class)).isSameAs(own));
  }

  @Test
  @DisplayName("Spring Boot finds it by its list of autoconfigurations")
  void listed() {
    assertThat(RealtimeAutoConfiguration.class.getClassLoader().getResourceAsStream(
        "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports"))
        .hasContent(RealtimeAutoConfiguration.class.getName());
  }
}
