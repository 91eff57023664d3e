using System.Runtime.InteropServices;
using IlgpuDca.Ilgpu.Diagnostics;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// All that is decided about a kernel before IL is emitted: where values live and where threads stop.
/// </summary>
sealed unsafe class KernelPlan
{
    /// <summary>Operands that tell what a wait is for.</summary>
    const int WaitOperands = 2;

    readonly Dictionary<Instruction, int> _allocations = new();
    readonly Dictionary<byte[], nint> _constants = new(ReferenceEqualityComparer.Instance);

    public KernelPlan(KernelFunction function, bool isChecked, bool findsRaces)
    {
        (Function, IsChecked, FindsRaces) = (function, isChecked, findsRaces);
        Flow = new ControlFlow(function);
        foreach (BasicBlock block in Flow.Order)
            foreach (Instruction instruction in block.Instructions)
                if (instruction.Opcode == Opcode.Asm)
                    throw new NotSupportedException($"{function.Name}: inline PTX cannot run on the CPU accelerator: "
                        + $"{SourceLines.Describe(instruction.Location)}. "
                        + "Guard it with CudaAsm.IsSupported and give a C# form.");
        UsesUnits = Flow.Order.Any(block => block.Instructions.Any(instruction => instruction.Opcode == Opcode.Hopper));
        Placements = new Placements(Flow, isChecked);
        Liveness liveness = new(Flow, Placements);
        Frame.Bytes = liveness.AssignSlots(FrameLayout.OperandOffset + OperandBytes());
        PlaceMemory();
    }

    public KernelFunction Function { get; }

    public bool IsChecked { get; }

    /// <summary>Emitted code tells of each access to shared memory.</summary>
    public bool FindsRaces { get; }

    public ControlFlow Flow { get; }

    public Placements Placements { get; }

    public FrameLayout Frame { get; } = new();

    /// <summary>Every thread runs from start to end at once: one call runs all threads of a group.</summary>
    public bool IsPlain => Flow.Suspensions.Count == 0 && !UsesUnits;

    /// <summary>The kernel asks for what Hopper's units do.</summary>
    public bool UsesUnits { get; }

    /// <summary>An allocation's offset in shared memory or in the thread's local memory.</summary>
    public int OffsetOf(Instruction alloca) => _allocations[alloca];

    /// <summary>The fixed allocation of shared memory that has a byte; null for the dynamic part.</summary>
    public Instruction? SharedAllocationAt(int offset) => _allocations
        .Where(entry => entry.Key.AllocaInfo.Space == AddressSpace.Shared
            && entry.Value <= offset && offset < entry.Value + entry.Key.AllocaInfo.Bytes)
        .Select(entry => entry.Key).FirstOrDefault();

    /// <summary>The address of read-only data.</summary>
    public nint AddressOf(byte[] data)
    {
        lock (_constants)
        {
            if (!_constants.TryGetValue(data, out nint address))
            {
                address = (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(data.Length, 1), 64);
                data.CopyTo(new Span<byte>((void*)address, data.Length));
                _constants[data] = address;
            }
            return address;
        }
    }

    /// <summary>Frees the read-only data.</summary>
    public void Release()
    {
        lock (_constants)
        {
            foreach (nint address in _constants.Values)
                NativeMemory.AlignedFree((void*)address);
            _constants.Clear();
        }
    }

    int OperandBytes() => Flow.Suspensions.Select(suspension => suspension.Instruction switch
    {
        null => 0,
        { Payload: CollectiveInfo info } => info.Parameters.Count,
        { Opcode: Opcode.Hopper } => WaitOperands,
        { } instruction => instruction.Operands.Length,
    }).DefaultIfEmpty(0).Max() * FrameLayout.OperandStride;

    void PlaceMemory()
    {
        int localAlignment = 64;
        foreach (BasicBlock block in Flow.Order)
        {
            foreach (Instruction instruction in block.Instructions)
            {
                if (instruction.Opcode != Opcode.Alloca || Placements.Of(instruction) == Placement.Dead)
                    continue;
                AllocaInfo info = instruction.AllocaInfo;
                bool shared = info.Space == AddressSpace.Shared;
                int offset = FrameLayout.AlignUp(shared ? Frame.StaticSharedBytes : Frame.LocalBytes,
                    Math.Max(info.Alignment, 1));
                _allocations[instruction] = offset;
                if (shared)
                    Frame.StaticSharedBytes = offset + info.Bytes;
                else
                    Frame.LocalBytes = offset + info.Bytes;
                if (!shared)
                    localAlignment = Math.Max(localAlignment, info.Alignment);
            }
        }
        Frame.StaticSharedBytes = FrameLayout.AlignUp(
            Frame.StaticSharedBytes, UsesUnits ? FrameLayout.SharedAlignment : FrameLayout.DynamicSharedAlignment);
        Frame.LocalOffset = FrameLayout.AlignUp(Frame.Bytes, localAlignment);
        Frame.LocalBytes = FrameLayout.AlignUp(Frame.LocalBytes, Frame.LocalBytes > 64 ? localAlignment : 16);
        Frame.Bytes = FrameLayout.AlignUp(Frame.LocalOffset + Frame.LocalBytes * (IsPlain ? 1 : FrameLayout.WarpSize),
            128);
    }
}
