/** Big mail through small heaps: the test forks a virtual machine, the rest of the package runs in it. */
package io.mailproto.memory;
