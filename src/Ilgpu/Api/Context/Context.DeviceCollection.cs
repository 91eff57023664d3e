using System.Collections;
using System.Collections.Immutable;
using ILGPU.Runtime;

namespace ILGPU;

partial class Context
{
    /// <summary>The devices of one kind.</summary>
    public readonly struct DeviceCollection<TDevice> : IEnumerable<TDevice>
        where TDevice : Device
    {
        readonly ImmutableArray<TDevice> _devices;

        internal DeviceCollection(ImmutableArray<TDevice> devices) => _devices = devices;

        /// <summary>Devices.</summary>
        public int Count => _devices.Length;

        /// <summary>The n-th device, from 0.</summary>
        public TDevice this[int deviceIndex] => _devices[deviceIndex];

        /// <summary>Enumerates the devices.</summary>
        public Enumerator GetEnumerator() => new(_devices);

        IEnumerator<TDevice> IEnumerable<TDevice>.GetEnumerator() =>
            ((IEnumerable<TDevice>)_devices).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)_devices).GetEnumerator();

        /// <summary>Walks the devices.</summary>
        public struct Enumerator
        {
            readonly ImmutableArray<TDevice> _devices;
            int _index;

            internal Enumerator(ImmutableArray<TDevice> devices)
            {
                _devices = devices;
                _index = -1;
            }

            /// <summary>The device reached.</summary>
            public readonly TDevice Current => _devices[_index];

            /// <summary>Goes on; false at the end.</summary>
            public bool MoveNext() => ++_index < _devices.Length;
        }
    }
}
