/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bridge/uptime_skeleton.h"

typedef struct {
  InosDBusNode1Skeleton parent;
} InosUptimeSkeleton;

typedef struct {
  InosDBusNode1SkeletonClass parent;
} InosUptimeSkeletonClass;

GType inos_uptime_skeleton_get_type (void);
G_DEFINE_TYPE (InosUptimeSkeleton, inos_uptime_skeleton, INOS_DBUS_TYPE_NODE1_SKELETON)

enum { PROP_UPTIME = 1 };

static void get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  InosDBusNode1 *node = INOS_DBUS_NODE1 (object);
  gint64 started = inos_dbus_node1_get_started_at (node);
  gint64 since = g_get_real_time() - started;
  bool known = inos_dbus_node1_get_connected (node) && started > 0 && since > 0;
  g_value_set_uint64 (value, known ? (guint64)since / G_USEC_PER_SEC : 0);
}

static void set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  /* Computed; the generated class wants a setter. */
}

static void inos_uptime_skeleton_class_init (InosUptimeSkeletonClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  object_class->get_property = get_property;
  object_class->set_property = set_property;
  g_object_class_override_property (object_class, PROP_UPTIME, "uptime");
}

static void inos_uptime_skeleton_init (InosUptimeSkeleton *self)
{
}

InosDBusNode1 *inos_uptime_skeleton_new (void)
{
  return g_object_new (inos_uptime_skeleton_get_type(), NULL);
}
