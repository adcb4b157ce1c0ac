"""Grey images for the figures on real data: the bundled digits, IDX and npz files, clusters of them."""

from verify.images.clusters import Clusters, cluster
from verify.images.digits import digits
from verify.images.files import read_images
from verify.images.grey import Images

__all__ = ["Clusters", "Images", "cluster", "digits", "read_images"]
