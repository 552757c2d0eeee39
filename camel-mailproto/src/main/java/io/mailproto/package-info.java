/** Mail protocols for Apache Camel; see the packages below for the rooms of the house. */
package io.mailproto;
