using IlgpuDca.Ilgpu.Ir;
using IlgpuDca.Ilgpu.Runtime.Cpu;
using Xunit;

namespace IlgpuDca.Ilgpu.Tests.Cpu;

/// <summary>Random kernels with loops, branches and suspensions against a walk over their IR.</summary>
public class RandomKernelTests
{
    const int Threads = 70, Rows = 6;

    [Theory]
    [InlineData(1, 120)]
    [InlineData(1001, 120)]
    public void AgreeWithTheInterpreter(int firstSeed, int kernels)
    {
        int suspensions = 0;
        for (int seed = firstSeed; seed < firstSeed + kernels; seed++)
        {
            KernelFunction function = new Generator(seed).Make();
            suspensions += function.Instructions.Count(instruction => instruction.IsConvergent);
            int[] expected = Fill(new int[Threads * Rows], seed);
            using NativeArray<int> actual = new(Threads * Rows);
            Fill(actual.Span, seed);
            using CpuKernel kernel = CpuKernel.Compile(function, new CpuOptions(Checked: true, Workers: 1));
            kernel.Launch(new LaunchDimensions(1, Threads), [actual.Slot], 0);
            // The interpreter's slot of the memory is 0 as pointers are offsets there.
            new IrInterpreter(function, expected, Threads).Run();
            Assert.True(actual.Span.SequenceEqual(expected), $"seed {seed}:\n{Printer.Print(function)}");
        }
        Assert.True(suspensions > kernels);
    }

    static int[] Fill(int[] values, int seed)
    {
        Fill(values.AsSpan(), seed);
        return values;
    }

    static void Fill(Span<int> values, int seed)
    {
        Random random = new(seed);
        foreach (ref int value in values)
            value = random.Next(-100, 100);
    }

    /// <summary>
    /// Statements drawn at random. A thread touches its own column of memory only, so that no order matters.
    /// </summary>
    sealed class Generator(int seed)
    {
        readonly Random _random = new(seed);
        readonly IrBuilder _b = new();
        Value _memory = null!;

        public KernelFunction Make()
        {
            _memory = _b.Pointer();
            List<Value> scope = [_b.X, _b.Lane, Constant.Int(3), Load(0)];
            Statements(scope, 4, together: true);
            Store(1, scope[^1]);
            Store(2, Pick(scope));
            return _b.Function;
        }

        /// <param name="scope">Values that dominate this place; new ones are added.</param>
        /// <param name="depth">How far statements may nest.</param>
        /// <param name="together">All threads come here, so they may meet.</param>
        void Statements(List<Value> scope, int depth, bool together)
        {
            int count = _random.Next(2, 8);
            for (int k = 0; k < count; k++)
            {
                switch (_random.Next(together ? 14 : 10))
                {
                    case 0:
                        Store(_random.Next(Rows), Pick(scope));
                        break;
                    case 1:
                        scope.Add(Load(_random.Next(Rows)));
                        break;
                    case 2 or 3 when depth > 0:
                        If(scope, depth - 1, together);
                        break;
                    case 4 or 5 when depth > 0:
                        Loop(scope, depth - 1, together);
                        break;
                    case 6:
                        scope.Add(_b.Op(Opcode.Select, IrType.I32, Condition(scope), Pick(scope), Pick(scope)));
                        break;
                    case 10:
                        _b.Barrier();
                        break;
                    case 11:
                        scope.Add(_b.Op(Opcode.BarrierPopCount, IrType.I32, Condition(scope)));
                        break;
                    case 12:
                        scope.Add(_b.Shuffle(ShuffleMode.Xor, Pick(scope), Constant.Int(_random.Next(32)),
                            Constant.Int(32)));
                        break;
                    case 13:
                        Value mask = _b.Op(Opcode.And, IrType.I32, _b.Op(Opcode.Sub, IrType.I32, _b.X, _b.X),
                            Constant.Int(31));
                        scope.Add(_b.Shuffle(ShuffleMode.Xor, Pick(scope),
                            _b.Op(Opcode.Xor, IrType.I32, mask, Constant.Int(_random.Next(32))), Constant.Int(32)));
                        break;
                    default:
                        Opcode[] opcodes = [Opcode.Add, Opcode.Sub, Opcode.Mul, Opcode.Xor, Opcode.And];
                        scope.Add(_b.Op(opcodes[_random.Next(opcodes.Length)], IrType.I32, Pick(scope), Pick(scope)));
                        break;
                }
            }
        }

        void If(List<Value> scope, int depth, bool together)
        {
            bool divides = !together || _random.Next(2) == 0;
            Value condition = divides ? Condition(scope)
                : _b.Compare(Predicate.Equal, Constant.Int(_random.Next(2)), Constant.Int(1));
            BasicBlock then = _b.Function.AddBlock(), otherwise = _b.Function.AddBlock();
            BasicBlock after = _b.Function.AddBlock();
            _b.Branch(condition, then, otherwise);
            (Value first, BasicBlock firstEnd) = Arm(then);
            (Value second, BasicBlock secondEnd) = Arm(otherwise);
            _b.Block = after;
            Instruction phi = _b.Phi(IrType.I32);
            (phi.Operands, phi.Incoming) = ([first, second], [firstEnd, secondEnd]);
            after.Instructions.Add(phi);
            scope.Add(phi);

            (Value Result, BasicBlock End) Arm(BasicBlock block)
            {
                _b.Block = block;
                List<Value> inner = [.. scope];
                Statements(inner, depth, !divides);
                _b.Jump(after);
                return (_random.Next(3) == 0 ? Pick(scope) : inner[^1], _b.Block);
            }
        }

        void Loop(List<Value> scope, int depth, bool together)
        {
            bool divides = !together || _random.Next(2) == 0;
            Value count = divides ? _b.Op(Opcode.And, IrType.I32, Pick(scope), Constant.Int(3))
                : Constant.Int(_random.Next(1, 4));
            Value[] carried = [Pick(scope), Pick(scope), Pick(scope)];
            scope.AddRange(_b.Loop(count, carried, (i, phis) =>
            {
                List<Value> inner = [.. scope, i, .. phis];
                Statements(inner, depth, !divides);
                // Rotated, so that phis feed each other on the way back.
                return [phis[1], phis[_random.Next(3)], inner[^1]];
            }));
        }

        Value Condition(List<Value> scope) => _b.Compare(_random.Next(2) == 0 ? Predicate.Less : Predicate.Equal,
            _b.Op(Opcode.And, IrType.I32, Pick(scope), Constant.Int(7)), Constant.Int(_random.Next(8)));

        Value Pick(List<Value> scope) => scope[_random.Next(3) == 0 ? scope.Count - 1 : _random.Next(scope.Count)];

        Value Load(int row) => _b.LoadAt(_memory, Place(row), MemoryType.I32);

        void Store(int row, Value value) => _b.StoreAt(_memory, Place(row), MemoryType.I32, value);

        Value Place(int row) => _b.Add(_b.X, Constant.Int(row * Threads));
    }
}
