using System.Reflection;
using IlgpuDca.Ilgpu.Ir;

namespace IlgpuDca.Ilgpu.Frontend;

/// <summary>Grid, Group and Warp: where a thread stands.</summary>
static class IndexIntrinsics
{
    public static void Register(Dictionary<string, Intrinsic> table)
    {
        (string Axis, SpecialRegister GridIdx, SpecialRegister GridDim, SpecialRegister GroupIdx, SpecialRegister GroupDim)[] axes =
        [
            ("X", SpecialRegister.GridIdxX, SpecialRegister.GridDimX, SpecialRegister.GroupIdxX, SpecialRegister.GroupDimX),
            ("Y", SpecialRegister.GridIdxY, SpecialRegister.GridDimY, SpecialRegister.GroupIdxY, SpecialRegister.GroupDimY),
            ("Z", SpecialRegister.GridIdxZ, SpecialRegister.GridDimZ, SpecialRegister.GroupIdxZ, SpecialRegister.GroupDimZ),
        ];
        foreach (var axis in axes)
        {
            table["ILGPU.Grid.get_Idx" + axis.Axis] = (t, _, _) => new Scalar(Special(t, axis.GridIdx));
            table["ILGPU.Grid.get_Dim" + axis.Axis] = (t, _, _) => new Scalar(Special(t, axis.GridDim));
            table["ILGPU.Group.get_Idx" + axis.Axis] = (t, _, _) => new Scalar(Special(t, axis.GroupIdx));
            table["ILGPU.Group.get_Dim" + axis.Axis] = (t, _, _) => new Scalar(Special(t, axis.GroupDim));
        }
        Intrinsic Three(Func<int, SpecialRegister> register) => (t, method, _) =>
            IntrinsicTable.Result(t, method, Special(t, register(0)), Special(t, register(1)), Special(t, register(2)));
        table["ILGPU.Grid.get_Index"] = Three(k => axes[k].GridIdx);
        table["ILGPU.Grid.get_Dimension"] = Three(k => axes[k].GridDim);
        table["ILGPU.Group.get_Index"] = Three(k => axes[k].GroupIdx);
        table["ILGPU.Group.get_Dimension"] = Three(k => axes[k].GroupDim);
        table["ILGPU.Grid.get_GlobalIndex"] = (t, method, _) => IntrinsicTable.Result(t, method, [.. axes.Select(axis =>
            Add(t, Multiply(t, Special(t, axis.GridIdx), Special(t, axis.GroupDim)), Special(t, axis.GroupIdx)))]);
        table["ILGPU.Grid.get_LongGlobalIndex"] = (t, method, _) => IntrinsicTable.Result(t, method, [.. axes.Select(axis =>
            Add(t, Multiply(t, Widen(t, Special(t, axis.GridIdx)), Widen(t, Special(t, axis.GroupDim))), Widen(t, Special(t, axis.GroupIdx))))]);
        table["ILGPU.Grid.get_LinearIndex"] = (t, _, _) => new Scalar(
            Linear(t, k => axes[k].GridIdx, k => axes[k].GridDim));
        table["ILGPU.Group.get_LinearIndex"] = (t, _, _) => new Scalar(GroupLinear(t));
        table["ILGPU.Grid.get_GlobalLinearIndex"] = (t, _, _) =>
        {
            Value size = Multiply(t, Multiply(t, Special(t, SpecialRegister.GroupDimX), Special(t, SpecialRegister.GroupDimY)),
                Special(t, SpecialRegister.GroupDimZ));
            return new Scalar(Add(t, Multiply(t, Linear(t, k => axes[k].GridIdx, k => axes[k].GridDim), size), GroupLinear(t)));
        };
        table["ILGPU.Group.get_IsFirstThread"] = (t, _, _) => Flag(t, IsZero(t, GroupLinear(t)));
        table["ILGPU.Group.get_IsLastThread"] = (t, _, _) =>
        {
            Value size = Multiply(t, Multiply(t, Special(t, SpecialRegister.GroupDimX), Special(t, SpecialRegister.GroupDimY)),
                Special(t, SpecialRegister.GroupDimZ));
            return Flag(t, t.Emit.Compare(new Comparison(Predicate.Equal), Add(t, GroupLinear(t), Constant.Int(1)), size));
        };

        table["ILGPU.Warp.get_WarpSize"] = (_, _, _) => new Scalar(Constant.Int(WarpSize));
        table["ILGPU.Warp.get_LaneIdx"] = (t, _, _) => new Scalar(Special(t, SpecialRegister.LaneIdx));
        table["ILGPU.Warp.get_WarpIdx"] = (t, _, _) => new Scalar(t.Emit.Emit(Opcode.ShrU, IrType.I32, [GroupLinear(t), Constant.Int(5)]));
        table["ILGPU.Warp.ComputeWarpIdx"] = (t, _, arguments) =>
            new Scalar(t.Emit.Emit(Opcode.ShrU, IrType.I32, [t.Value(arguments[0]), Constant.Int(5)]));
        table["ILGPU.Warp.get_IsFirstLane"] = (t, _, _) => Flag(t, IsZero(t, Special(t, SpecialRegister.LaneIdx)));
        table["ILGPU.Warp.get_IsLastLane"] = (t, _, _) => Flag(t,
            t.Emit.Compare(new Comparison(Predicate.Equal), Special(t, SpecialRegister.LaneIdx), Constant.Int(WarpSize - 1)));
    }

    /// <summary>Lanes of a warp, on both back ends.</summary>
    public const int WarpSize = 32;

    public static Value Special(MethodTranslator t, SpecialRegister register) => t.Emit.Emit(Opcode.Special, IrType.I32, [], register);

    /// <summary>The thread's number in its group, x fastest.</summary>
    public static Value GroupLinear(MethodTranslator t) => Linear(t,
        k => (SpecialRegister)((int)SpecialRegister.GroupIdxX + k), k => (SpecialRegister)((int)SpecialRegister.GroupDimX + k));

    static Value Linear(MethodTranslator t, Func<int, SpecialRegister> index, Func<int, SpecialRegister> size)
    {
        Value plane = Add(t, Multiply(t, Special(t, index(2)), Special(t, size(1))), Special(t, index(1)));
        return Add(t, Multiply(t, plane, Special(t, size(0))), Special(t, index(0)));
    }

    static Value Add(MethodTranslator t, Value a, Value b) => t.Emit.Binary(Opcode.Add, a, b);

    static Value Multiply(MethodTranslator t, Value a, Value b) => t.Emit.Binary(Opcode.Mul, a, b);

    static Value Widen(MethodTranslator t, Value a) => t.Emit.Unary(Opcode.ZeroExtend, IrType.I64, a);

    static Value IsZero(MethodTranslator t, Value a) => t.Emit.Compare(new Comparison(Predicate.Equal), a, Constant.Int(0));

    static Scalar Flag(MethodTranslator t, Value condition) => new(t.Emit.ToInt(condition));
}
