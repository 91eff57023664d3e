using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Runtime.Cpu;

/// <summary>
/// The convergent operations of a warp. A shuffle works as PTX's shfl.sync: segments of width lanes; a lane whose
/// source is outside its segment, or takes no part, keeps its value.
/// </summary>
static unsafe class WarpOperations
{
    const int Lanes = FrameLayout.WarpSize;

    /// <summary>
    /// The source lane and the width of a shuffle are built into its operation when both are constants.
    /// </summary>
    public static bool IsBuiltIn(Instruction instruction, int operand) =>
        instruction.Opcode == Opcode.Shuffle && operand > 0 && instruction.Operands[1] is Constant
        && instruction.Operands[2] is Constant;

    /// <summary>What a suspension does when its warp has come; null for nothing.</summary>
    public static WarpOperation? Of(Suspension suspension) => suspension.Kind switch
    {
        SuspensionKind.Shuffle when suspension.ResultOffset >= 0 =>
            Shuffle(suspension.Instruction!, suspension.ResultOffset),
        SuspensionKind.Collective => Collective((CollectiveInfo)suspension.Instruction!.Payload!),
        _ => null,
    };

    /// <summary>The lane that a lane reads; itself where the source is outside its segment.</summary>
    /// <param name="b">Lane, delta or mask; its low five bits count.</param>
    /// <param name="width">Lanes of a segment: a power of two, 32 at most.</param>
    public static int Source(ShuffleMode mode, int lane, int b, int width)
    {
        b &= Lanes - 1;
        int first = lane & -width, last = first + width - 1;
        int source = mode switch
        {
            ShuffleMode.Index => first | (b & (width - 1)),
            ShuffleMode.Up => lane - b,
            ShuffleMode.Down => lane + b,
            _ => lane ^ b,
        };
        bool inside = mode == ShuffleMode.Up ? source >= first : source <= last;
        return inside ? source : lane;
    }

    static WarpOperation Shuffle(Instruction shuffle, int resultOffset)
    {
        ShuffleMode mode = (ShuffleMode)shuffle.Payload!;
        bool wide = shuffle.Type.Size == 8;
        if (shuffle.Operands[1] is Constant b && shuffle.Operands[2] is Constant width)
        {
            int[] sources = new int[Lanes];
            for (int lane = 0; lane < Lanes; lane++)
                sources[lane] = Source(mode, lane, (int)b.Bits, (int)width.Bits);
            if (!wide && Avx512F.IsSupported)
                return new ConstantShuffle(sources, resultOffset).Permute;
            return (frame, lanes, mask) =>
            {
                if (wide)
                    Gather<ulong>(frame, resultOffset, sources, lanes, mask);
                else
                    Gather<uint>(frame, resultOffset, sources, lanes, mask);
            };
        }
        return (frame, lanes, mask) =>
        {
            int* selectors = (int*)(frame + FrameLayout.OperandAt(1, sizeof(int)));
            int* widths = (int*)(frame + FrameLayout.OperandAt(2, sizeof(int)));
            Span<int> sources = stackalloc int[Lanes];
            for (int lane = 0; lane < lanes; lane++)
                if ((mask >> lane & 1) != 0)
                    sources[lane] = Source(mode, lane, selectors[lane], widths[lane]);
            if (wide)
                Gather<ulong>(frame, resultOffset, sources, lanes, mask);
            else
                Gather<uint>(frame, resultOffset, sources, lanes, mask);
        };
    }

    /// <summary>Each lane that takes part receives its source's value.</summary>
    public static void Gather<T>(byte* frame, int resultOffset, ReadOnlySpan<int> sources, int lanes, uint mask)
        where T : unmanaged
    {
        T* values = (T*)(frame + FrameLayout.OperandAt(0, sizeof(T)));
        T* results = (T*)(frame + resultOffset);
        for (int lane = 0; lane < lanes; lane++)
        {
            if ((mask >> lane & 1) == 0)
                continue;
            int source = sources[lane];
            results[lane] = values[(mask >> source & 1) != 0 ? source : lane];
        }
    }

    /// <summary>A method that makes the routine's operands from the block's address and calls it.</summary>
    static WarpOperation Collective(CollectiveInfo info)
    {
        Type operands = info.Routine.GetParameters() is [{ ParameterType: { } type }] ? type
            : throw new NotSupportedException($"{info.Routine.DeclaringType?.Name}.{info.Routine.Name} must have "
                + "one parameter, the operands of a warp.");
        System.Reflection.ConstructorInfo constructor = operands.GetConstructor(
            System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public
            | System.Reflection.BindingFlags.NonPublic, [typeof(byte*), typeof(int)])
            ?? throw new NotSupportedException($"{operands.Name} must have a constructor "
                + "from a block's address and lanes.");
        DynamicMethod method = new(info.Routine.Name, typeof(void),
            [typeof(object), typeof(byte*), typeof(int), typeof(uint)],
            typeof(WarpOperations).Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, FrameLayout.OperandOffset);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Call, info.Routine);
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<WarpOperation>(info);
    }

    /// <summary>
    /// A shuffle of 32-bit values whose source lanes are known: two instructions for each half of a full warp.
    /// </summary>
    sealed class ConstantShuffle(int[] sources, int resultOffset)
    {
        readonly Vector512<uint> _low = Vector512.Create(sources).AsUInt32();
        readonly Vector512<uint> _high = Vector512.Create(sources, 16).AsUInt32();

        [SkipLocalsInit]
        public void Permute(byte* frame, int lanes, uint mask)
        {
            if (mask != uint.MaxValue)
            {
                Gather<uint>(frame, resultOffset, sources, lanes, mask);
                return;
            }
            uint* values = (uint*)(frame + FrameLayout.OperandOffset);
            uint* results = (uint*)(frame + resultOffset);
            Vector512<uint> first = Vector512.Load(values), second = Vector512.Load(values + 16);
            Avx512F.PermuteVar16x32x2(first, _low, second).Store(results);
            Avx512F.PermuteVar16x32x2(first, _high, second).Store(results + 16);
        }
    }
}
