/*
 * The skeleton with a live Uptime.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bridge/node_skeleton.h"

enum { PROP_UPTIME = 1 };

struct _InosNodeSkeleton {
  InosNode1Skeleton parent;
  guint64 last_uptime; /* when the node was seen last */
};

#define INOS_TYPE_NODE_SKELETON (inos_node_skeleton_get_type())
G_DECLARE_FINAL_TYPE (InosNodeSkeleton, inos_node_skeleton, INOS, NODE_SKELETON, InosNode1Skeleton)
G_DEFINE_FINAL_TYPE (InosNodeSkeleton, inos_node_skeleton, INOS_TYPE_NODE1_SKELETON)

static guint64 uptime (InosNodeSkeleton *self)
{
  InosNode1 *node = INOS_NODE1 (self);
  gint64 started = inos_node1_get_started_at (node), now = g_get_real_time();

  if (inos_node1_get_connected (node) && started > 0)
    self->last_uptime = now > started ? (guint64)((now - started) / G_USEC_PER_SEC) : 0;
  return self->last_uptime;
}

static void get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_UPTIME)
    g_value_set_uint64 (value, uptime (INOS_NODE_SKELETON (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void inos_node_skeleton_class_init (InosNodeSkeletonClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = get_property;
  object_class->set_property = set_property;
  g_object_class_override_property (object_class, PROP_UPTIME, "uptime");
}

static void inos_node_skeleton_init (InosNodeSkeleton *self)
{
}

InosNode1 *inos_node_skeleton_new (void)
{
  return g_object_new (INOS_TYPE_NODE_SKELETON, NULL);
}
