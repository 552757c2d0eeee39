package io.mailproto.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that plays a transcript: it runs once for each {@link Pace}, which it takes as a parameter and hands to the
 * {@link ScriptedPeer}.
 *
 * <pre>{@code
 * @TranscriptTest
 * void greets(Pace pace) throws Exception {
 *     try (ScriptedPeer server = ScriptedPeer.serving(pace, "S: 220 mx ESMTP\nC: QUIT\nS: 221 bye")) {
 *         ...
 *         server.assertPlayedToTheEnd();
 *     }
 * }
 * }</pre>
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@Timeout(120)
@ExtendWith(PaceExtension.class)
public @interface TranscriptTest {}
