/** One route builder per recipe of {@code docs/recipes.md}; what stands in double braces are properties. */
package io.mailproto.examples.recipes;
