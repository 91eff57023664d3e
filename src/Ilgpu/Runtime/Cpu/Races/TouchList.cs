using System.Numerics;
using System.Runtime.CompilerServices;

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

    /// <summary>
    /// Adds a read or atomic to a list, and leaves out what it makes needless, since whoever comes after it comes after that too: what
    /// its actor did before, and what comes before it altogether.
    /// </summary>
    /// <returns>A touch of the other kind that does not come before the access; null without one.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public PriorAccess? Add(ref int first, in Access access)
    {
        PriorAccess? conflict = null;
        int block = access.Actor / LanesPerBlock, own = 0;
        uint lane = 1u << access.Actor % LanesPerBlock;
        for (int index = first, previous = 0, next; index != 0; index = next)
        {
            ref Touches node = ref _nodes[index];
            next = node.Next;
            if (node.Kind != access.Kind)
            {
                conflict ??= Unordered(node, access);
            }
            else if (node.Block == block && node.Epoch == access.Epoch && ((node.Lanes & lane) != 0 || node.Site == access.Site))
            {
                node.Lanes |= lane;
                own = index;
            }
            else if (node.Block == block && (node.Lanes &= ~lane) == 0 || Unordered(node, access) is null)
            {
                if (previous == 0)
                    first = next;
                else
                    _nodes[previous].Next = next;
                Free(index);
                continue;
            }
            previous = index;
        }
        if (own == 0)
            first = NewNode(new Touches
            {
                Block = block,
                Lanes = lane,
                Epoch = access.Epoch,
                Site = access.Site,
                Kind = access.Kind,
                Next = first,
            });
        return conflict;
    }

    /// <summary>
    /// Adds a read to the first of a list where its neighbours read at the same epoch from the same line: the lanes of a warp come one
    /// after the other. False where that is not so.
    /// </summary>
    public bool TryJoinFirst(int first, in Access access)
    {
        ref Touches node = ref _nodes[first];
        if (first == 0 || node.Epoch != access.Epoch || node.Site != access.Site || node.Block != access.Actor / LanesPerBlock)
            return false;
        node.Lanes |= 1u << access.Actor % LanesPerBlock;
        return true;
    }

    /// <summary>A touch that does not come before a write; null without one.</summary>
    public PriorAccess? Conflict(int first, in Access write)
    {
        for (int index = first; index != 0; index = _nodes[index].Next)
            if (Unordered(_nodes[index], write) is { } conflict)
                return conflict;
        return null;
    }

    /// <summary>Whether the first of the list has the actor's touch at its present epoch already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool StartsWith(int first, in Access access)
    {
        ref Touches node = ref _nodes[first];
        return node.Epoch == access.Epoch && node.Block == access.Actor / LanesPerBlock && node.Kind == access.Kind
            && (node.Lanes >> access.Actor % LanesPerBlock & 1) != 0;
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

    /// <summary>One of the touches that does not come before an access; null when all do.</summary>
    PriorAccess? Unordered(in Touches node, in Access access)
    {
        if (node.Epoch <= access.Known.Floor && node.Block < actors.FirstUnit / LanesPerBlock)
            return null;
        for (uint lanes = node.Lanes; lanes != 0; lanes &= lanes - 1)
        {
            int actor = node.Block * LanesPerBlock + BitOperations.TrailingZeroCount(lanes);
            if (!actors.IsBefore(actor, node.Epoch, access.Thread, access.Known))
                return new PriorAccess(actor, node.Kind, node.Site);
        }
        return null;
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
