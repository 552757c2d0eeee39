/**
 * What takes octets from strangers, tried with any octets. Profile {@code fuzz} has Jazzer invent them, led by which
 * branches they reach; the ordinary tests run every target over its seeds.
 */
package io.mailproto.fuzz;
