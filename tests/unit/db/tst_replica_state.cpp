// SPDX-License-Identifier: GPL-3.0-or-later
#include "db/replica_state.h"

#include <QTest>

using namespace a360::db;
using std::chrono::milliseconds;

class TestReplicaState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lag()
    {
        QVERIFY(!(ReplicaState{false, true, milliseconds(0)}.lag())); // no standby
        QVERIFY(!(ReplicaState{true, false, {}}.lag()));              // nothing replayed yet
        QCOMPARE((ReplicaState{true, true, milliseconds(90'000)}.lag()), milliseconds(0)); // idle, not behind
        QCOMPARE((ReplicaState{true, false, milliseconds(700)}.lag()), milliseconds(700));
        // A transaction from the future: the two clocks differ, and by how much nobody knows.
        QVERIFY(!(ReplicaState{true, false, milliseconds(-5000)}.lag()));
        QCOMPARE((ReplicaState{true, false, milliseconds(-20)}.lag()), milliseconds(0)); // as good as clocks are
    }
    void rule()
    {
        const milliseconds bound(1000);
        QVERIFY(mayReadReplica(milliseconds(0), {}, bound));
        QVERIFY(mayReadReplica(milliseconds(1000), milliseconds(1001), bound));
        QVERIFY(!mayReadReplica(milliseconds(1001), {}, bound));
        QVERIFY(!mayReadReplica({}, {}, bound));
        QVERIFY(!mayReadReplica(milliseconds(0), milliseconds(1000), bound)); // what was just written must be seen
    }
};

QTEST_GUILESS_MAIN(TestReplicaState)
#include "tst_replica_state.moc"
