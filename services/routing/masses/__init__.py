"""Mass complaints: the same product, batch, place or party, in like words, within some days.

A case comes with its `Traits`. Those that belong to no cluster yet are looked at by the `Watch` of the replica that
leads; from the pack's count on they are a `Cluster`, which every replica knows within seconds (`Clusters`), so that
whatever comes later is born into it without a question to the database.
"""
