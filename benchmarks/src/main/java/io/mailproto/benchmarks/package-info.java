/**
 * Side-by-side measurements of this component and camel-mail, and the tools for them.
 *
 * <p>Start at {@link io.mailproto.benchmarks.Benchmarks}. Not published, not run by the tests.
 */
package io.mailproto.benchmarks;
