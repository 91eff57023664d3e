using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>A part of a block without a suspension inside: it ends at one, or with the block's terminator.</summary>
sealed class Segment(BasicBlock block, int start)
{
    public BasicBlock Block { get; } = block;

    /// <summary>Its first instruction's position in the block.</summary>
    public int Start { get; } = start;

    /// <summary>The position after its last instruction; the exit's instruction, if any, stands there.</summary>
    public int End { get; set; }

    /// <summary>The suspension that ends it; null where the terminator does.</summary>
    public Suspension? Exit { get; set; }

    public IEnumerable<Instruction> Instructions
    {
        get
        {
            for (int k = Start; k < End; k++)
                yield return Block.Instructions[k];
        }
    }
}
