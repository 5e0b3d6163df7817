"""Analyses in processes of their own, reached over ZeroMQ: client, broker, worker, analyst.

    web process --DEALER--> ROUTER broker ROUTER <--DEALER-- worker --pipe--> analyst

The broker hands each job to the worker that has been free for longest, keeps few jobs waiting and
refuses the rest at once. The worker answers for its analyst, a process without network or secrets
that does the arithmetic and may die of a hostile picture without harm.
"""
