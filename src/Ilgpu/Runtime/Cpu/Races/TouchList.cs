using System.Numerics;

namespace IlgpuDca.Ilgpu.Runtime.Cpu.Races;

/// <summary>The <see cref="Touches"/> of all places, as linked lists in one array.</summary>
sealed class TouchList(Actors actors)
{
    const int LanesPerBlock = 32;

    Touches[] _nodes = new Touches[1024];
    int _count = 1;
    int _free;

    /// <summary>Forgets everything.</summary>
    public void Reset() => (_count, _free) = (1, 0);

    /// <summary>Adds a read or atomic to a list and leaves out what it makes needless: what its thread did before it, and what comes
    /// before it altogether; for whoever comes after it comes after those.</summary>
    public void Add(ref int first, in Access access)
    {
        int block = access.Actor / LanesPerBlock;
        uint lane = 1u << access.Actor % LanesPerBlock;
        bool added = false;
        for (int index = first, previous = 0; index != 0;)
        {
            ref Touches node = ref _nodes[index];
            int next = node.Next;
            if (node.Kind == access.Kind)
            {
                if (node.Block == block && node.Epoch == access.Epoch && node.Site == access.Site)
                {
                    node.Lanes |= lane;
                    added = true;
                }
                else if (node.Block == block && (node.Lanes &= ~lane) == 0 || IsBefore(node, access))
                {
                    if (previous == 0)
                        first = next;
                    else
                        _nodes[previous].Next = next;
                    Free(index);
                    index = next;
                    continue;
                }
            }
            (previous, index) = (index, next);
        }
        if (!added)
            first = NewNode(new Touches { Block = block, Lanes = lane, Epoch = access.Epoch, Site = access.Site, Kind = access.Kind, Next = first });
    }

    /// <summary>Whether the list has this thread's touch at its present epoch already.</summary>
    public bool Has(int first, in Access access)
    {
        for (int index = first; index != 0; index = _nodes[index].Next)
        {
            ref Touches node = ref _nodes[index];
            if (node.Block == access.Actor / LanesPerBlock && node.Kind == access.Kind && node.Epoch == access.Epoch
                && (node.Lanes >> access.Actor % LanesPerBlock & 1) != 0)
                return true;
        }
        return false;
    }

    /// <summary>A touch of another kind that does not come before an access; null without one.</summary>
    public PriorAccess? Conflict(int first, in Access access)
    {
        for (int index = first; index != 0; index = _nodes[index].Next)
        {
            ref Touches node = ref _nodes[index];
            if (node.Kind != access.Kind && Unordered(node, access) is var actor and >= 0)
                return new PriorAccess(actor, node.Kind, node.Site);
        }
        return null;
    }

    /// <summary>Empties a list.</summary>
    public void Clear(ref int first)
    {
        while (first != 0)
        {
            int next = _nodes[first].Next;
            Free(first);
            first = next;
        }
    }

    /// <summary>Another list of the same.</summary>
    public int Copy(int first)
    {
        int copy = 0;
        for (int index = first; index != 0; index = _nodes[index].Next)
            copy = NewNode(_nodes[index] with { Next = copy });
        return copy;
    }

    bool IsBefore(in Touches node, in Access access) => Unordered(node, access) < 0;

    /// <summary>One of the actors whose touch does not come before an access; -1 when all do.</summary>
    int Unordered(in Touches node, in Access access)
    {
        if (node.Epoch <= access.Known.Floor && node.Block < actors.FirstUnit / LanesPerBlock)
            return -1;
        for (uint lanes = node.Lanes; lanes != 0; lanes &= lanes - 1)
        {
            int actor = node.Block * LanesPerBlock + BitOperations.TrailingZeroCount(lanes);
            if (!actors.IsBefore(actor, node.Epoch, access.Thread, access.Known))
                return actor;
        }
        return -1;
    }

    int NewNode(in Touches node)
    {
        int index = _free;
        if (index != 0)
            _free = _nodes[index].Next;
        else if ((index = _count++) == _nodes.Length)
            Array.Resize(ref _nodes, 2 * _nodes.Length);
        _nodes[index] = node;
        return index;
    }

    void Free(int index)
    {
        _nodes[index].Next = _free;
        _free = index;
    }
}
