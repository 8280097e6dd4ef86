package com.netbuild.realtime.engine.spring;

import com.netbuild.realtime.engine.CamundaWebSocketPlugin;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Puts the plugin into the application's engine, with the properties {@code netbuild.realtime.*}: each setter of the
 * plugin's is one. A bean of the application's own takes its place.
 */
@AutoConfiguration(beforeName = {
    "org.camunda.bpm.spring.boot.starter.CamundaBpmAutoConfiguration",
    "org.operaton.bpm.spring.boot.starter.OperatonBpmAutoConfiguration",
    "org.cibseven.bpm.spring.boot.starter.CamundaBpmAutoConfiguration"
})
@ConditionalOnClass(CamundaWebSocketPlugin.class)
@EnableConfigurationProperties
public class RealtimeAutoConfiguration {

  // The engine ends it when it closes; a second end is harmless, but one before would lose its last words.
  @Bean(destroyMethod = "")
  @ConditionalOnMissingBean
  @ConfigurationProperties("netbuild.realtime")
  CamundaWebSocketPlugin camundaWebSocketPlugin() {
    return new CamundaWebSocketPlugin();
  }
}
