/** Several processes as one system: joining a cluster, requests and hints of other nodes. Needs vertx-infinispan. */
package dev.tokencache.cluster;
