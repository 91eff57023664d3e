using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Passes;

/// <summary>
/// Merges neighbouring loads, and neighbouring stores, of 2, 4 or 8 bytes, up to four of them, into one access of up to 16 bytes where
/// the address is proven to be a multiple of its size: struct elements of 8 or 16 bytes, views made with AsAligned, shared arrays.
/// </summary>
static class VectorizeMemory
{
    public static void Run(KernelFunction function)
    {
        foreach (BasicBlock block in function.Blocks)
        {
            MergeLoads(block);
            MergeStores(block);
        }
        function.ApplyReplacements();
        CleanUp.Run(function);
    }

    /// <summary>A pointer as base + constant offset.</summary>
    static (Value Base, long Offset) Split(Value pointer) =>
        pointer is Instruction { Opcode: Opcode.PointerAdd } sum && sum.Operands[1] is Constant offset ? (sum.Operands[0], offset.Signed) : (pointer, 0);

    static bool CanMerge(Instruction access) => access.Access.Count == 1 && access.Access.Type.Size() >= 2
        && access.Access.Type != MemoryType.Pointer && access.Operands[0].Type.Space is not AddressSpace.Local;

    /// <summary>Whether two accesses from one base share bytes.</summary>
    static bool Overlap(Instruction a, Instruction b)
    {
        (Value aBase, long aOffset) = Split(a.Operands[0]);
        (Value bBase, long bOffset) = Split(b.Operands[0]);
        return ReferenceEquals(aBase, bBase) && aOffset < bOffset + b.Access.Type.Size() && bOffset < aOffset + a.Access.Type.Size();
    }

    /// <summary>The accesses of a run that form one vector starting at the lowest possible offset, in offset order; else null.</summary>
    static Instruction[]? Vector(List<Instruction> run, Instruction first)
    {
        int size = first.Access.Type.Size();
        (Value start, long offset) = Split(first.Operands[0]);
        for (int count = Math.Min(4, 16 / size); count > 1; count /= 2)
        {
            Instruction?[] parts = [.. Enumerable.Range(0, count).Select(k => run.Find(other => other.Access.Type == first.Access.Type
                && Split(other.Operands[0]) is var (otherBase, otherOffset) && ReferenceEquals(otherBase, start) && otherOffset == offset + k * size))];
            if (Array.TrueForAll(parts, part => part is not null)
                && Math.Max(first.Access.Alignment, Alignment.Of(first.Operands[0])) >= count * size)
                return parts!;
        }
        return null;
    }

    static void MergeLoads(BasicBlock block)
    {
        List<Instruction> result = [];
        List<Instruction> run = [];
        void Flush()
        {
            foreach (Instruction first in run.ToArray())
            {
                if (!run.Contains(first) || Vector(run, first) is not { } parts)
                    continue;
                run.RemoveAll(parts.Contains);
                // At the first part's place: the common base is known there.
                int at = parts.Min(result.IndexOf);
                (Value start, long offset) = Split(first.Operands[0]);
                Value pointer = first.Operands[0];
                if (offset != 0 && result.IndexOf((Instruction)pointer) > at)
                {
                    Instruction moved = new(Opcode.PointerAdd, pointer.Type, [start, Constant.Long(offset)]) { Location = first.Location };
                    result.Insert(at++, moved);
                    pointer = moved;
                }
                Instruction vector = new(Opcode.Load, IrType.Tuple, [pointer], new MemoryAccess(first.Access.Type, parts.Length, parts.Length * first.Access.Type.Size()))
                {
                    Location = first.Location,
                };
                result.Insert(at++, vector);
                for (int k = 0; k < parts.Length; k++)
                {
                    Instruction part = new(Opcode.Extract, parts[k].Type, [vector], k) { Location = parts[k].Location };
                    result.Insert(at++, part);
                    parts[k].ReplacedBy = part;
                }
                result.RemoveAll(parts.Contains);
            }
            run.Clear();
        }
        foreach (Instruction instruction in block.Instructions)
        {
            if (instruction.ClobbersMemory)
                Flush();
            result.Add(instruction);
            if (instruction.Opcode == Opcode.Load && CanMerge(instruction))
                run.Add(instruction);
        }
        Flush();
        block.Instructions = result;
    }

    static void MergeStores(BasicBlock block)
    {
        List<Instruction> result = [];
        List<Instruction> run = [];
        void Flush()
        {
            foreach (Instruction first in run.ToArray())
            {
                if (!run.Contains(first) || Vector(run, first) is not { } parts || parts.Distinct().Count() != parts.Length)
                    continue;
                // Another store to a part's place, of whatever width: their order counts, so they stay as they are.
                if (run.Exists(other => !parts.Contains(other) && Array.Exists(parts, part => Overlap(part, other))))
                    continue;
                run.RemoveAll(parts.Contains);
                int at = parts.Max(result.IndexOf);
                Instruction vector = new(Opcode.Store, IrType.Void, [first.Operands[0], .. parts.Select(part => part.Operands[1])],
                    new MemoryAccess(first.Access.Type, parts.Length, parts.Length * first.Access.Type.Size()))
                { Location = first.Location };
                result[at] = vector;
                result.RemoveAll(parts.Contains);
            }
            run.Clear();
        }
        foreach (Instruction instruction in block.Instructions)
        {
            bool joins = instruction.Opcode == Opcode.Store && CanMerge(instruction)
                && (run.Count == 0 || ReferenceEquals(Split(run[0].Operands[0]).Base, Split(instruction.Operands[0]).Base));
            if (!joins && (instruction.ClobbersMemory || instruction.Opcode == Opcode.Load))
                Flush();
            result.Add(instruction);
            if (joins || instruction.Opcode == Opcode.Store && CanMerge(instruction))
                run.Add(instruction);
        }
        Flush();
        block.Instructions = result;
    }
}
